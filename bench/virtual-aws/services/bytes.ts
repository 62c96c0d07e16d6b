/** Below this, to look for other characters than ASCII takes longer than to count. */
const longMin = 64
const beyondAscii = /[^\0-\x7f]/

let lastLong = ''
let lastLongBytes = 0

/** Bytes of a text in UTF-8, without encoding it. A long text is often asked for several times in a row. */
export const utf8Bytes = (text: string): number => {
  if (text.length < longMin) return countedBytes(text)
  if (text !== lastLong) {
    lastLongBytes = beyondAscii.test(text) ? countedBytes(text) : text.length
    lastLong = text
  }
  return lastLongBytes
}

const countedBytes = (text: string): number => {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    // A surrogate is half of a character of four bytes; all others above 0x7ff take three.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}

/** How many chunks of `chunkBytes` are started by `bytes`; at least one. */
export const startedChunks = (bytes: number, chunkBytes: number): number =>
  Math.max(1, Math.ceil(bytes / chunkBytes))
