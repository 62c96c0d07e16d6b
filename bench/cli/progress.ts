/** A line on stderr that is written over as work goes on; silent where stderr is no terminal. */
export const createProgress = (
  total: number,
): { readonly step: (done: number, what: string) => void; readonly end: () => void } => {
  const isTerminal = process.stderr.isTTY === true
  const clear = '\r\u001b[2K'
  return {
    step(done, what) {
      if (isTerminal) process.stderr.write(`${clear}${done}/${total} ${what}`)
    },
    end() {
      if (isTerminal) process.stderr.write(clear)
    },
  }
}
