/**
 * Bytes of a text in UTF-8; undefined when it holds a character that a message may not: anything but #x9 | #xA | #xD |
 * #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (read 2026-11-25).
 */
export const messageTextBytes = (text: string): number | undefined =>
  // Nearly every text is plain JSON on one line, and no search is as fast as that for a single range.
  plain.test(text) || !other.test(text) ? text.length : bytesByCharacter(text)

const plain = /^[ -~]*$/
/** What is not one byte and allowed. */
const other = /[^\t\n\r -~]/

const bytesByCharacter = (text: string): number | undefined => {
  let bytes = 0
  for (let index = 0; index < text.length; index += 1) {
    const point = text.codePointAt(index) ?? 0
    if (!isAllowed(point)) return undefined
    bytes += bytesOf(point)
    if (point > 0xffff) index += 1
  }
  return bytes
}

/** Halves of a pair stand for themselves, in the range that is not allowed. */
const isAllowed = (point: number): boolean =>
  (point >= 0x20 && point <= 0xd7ff) ||
  (point >= 0xe000 && point <= 0xfffd) ||
  point >= 0x10000 ||
  point === 0x9 ||
  point === 0xa ||
  point === 0xd

const bytesOf = (point: number): number => {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}

/** Of message groups, deduplication and receive attempts. Source: as above, MessageGroupId. */
export const isToken = (value: string): boolean => tokenForm.test(value)

const tokenForm = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/
