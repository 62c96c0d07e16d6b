/**
 * Whether a text consists of pieces with anything between them: the first begins it, the last ends it, the others follow
 * each other in between, each at its earliest, which is as good as any other place.
 */
export const consistsOf = (text: string, pieces: readonly string[]): boolean => {
  const first = pieces[0] ?? ''
  if (pieces.length === 1) return text === first
  const last = pieces[pieces.length - 1] ?? ''
  if (!text.startsWith(first)) return false
  let from = first.length
  for (let index = 1; index < pieces.length - 1; index += 1) {
    const piece = pieces[index] ?? ''
    const at = text.indexOf(piece, from)
    if (at < 0) return false
    from = at + piece.length
  }
  return text.length - last.length >= from && text.endsWith(last)
}
