/** Below this, to look for other characters than ASCII takes longer than to count. */
const longMin = 64
const encoder = new TextEncoder()
const room = new Uint8Array(65_536)
const beyondAscii = /[\x80-\uffff]/

let lastLong = ''
let lastLongBytes = 0

/** Bytes of a text in UTF-8. A long text is often asked for several times in a row. */
export const utf8Bytes = (text: string): number => {
  if (text.length < longMin) return countedBytes(text)
  if (text !== lastLong) {
    lastLongBytes = isAscii(text) ? text.length : countedBytes(text)
    lastLong = text
  }
  return lastLongBytes
}

/** To encode it is the fastest way to tell, as long as there is room. */
const isAscii = (text: string): boolean => {
  if (text.length > room.length) return !beyondAscii.test(text)
  const { read, written } = encoder.encodeInto(text, room)
  return read === text.length && written === text.length
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
