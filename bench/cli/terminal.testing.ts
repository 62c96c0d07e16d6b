import { spawn } from 'node:child_process'

/** Node has no pseudo terminals, Python has: it gives a command one, and passes on what goes in and what comes out. */
const bridge = `
import fcntl, os, pty, select, struct, sys, termios
process, terminal = pty.fork()
if process == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    ready, _, _ = select.select([terminal, 0], [], [])
    try:
        if terminal in ready:
            text = os.read(terminal, 4096)
            if not text:
                break
            os.write(1, text)
    except OSError:
        break
    if 0 in ready:
        os.write(terminal, os.read(0, 4096))
code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
`

/** A command at a terminal of 80 columns. */
export interface Terminal {
  /** What it has shown so far: stdout and stderr as one. */
  readonly shown: () => string
  readonly press: (keys: string) => void
  /** Until it has shown a text, or has ended without. */
  readonly until: (text: string) => Promise<void>
  readonly exitCode: Promise<number | null>
  readonly close: () => void
}

export const openTerminal = (
  python: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): Terminal => {
  const child = spawn(python, ['-c', bridge, ...command], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  let shown = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    for (const look of waiting) look()
  })
  const exitCode = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    shown: () => shown,
    press: (keys) => void child.stdin.write(keys),
    until: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (shown.includes(text)) resolve()
        }
        waiting.add(look)
        look()
        void exitCode.then(() => resolve())
      }),
    exitCode,
    // The end of the bridge hangs up the terminal, and so ends the command.
    close: () => void child.kill('SIGKILL'),
  }
}
