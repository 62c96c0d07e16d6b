/**
 * Bytes of a text in UTF-8; undefined when it holds a character that a message may not: anything but #x9 | #xA | #xD |
 * #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF. In one walk, since every body takes it.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (read 2026-11-25).
 */
export const messageTextBytes = (text: string): number | undefined => {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      if (unit < 0x20 && unit !== 0x9 && unit !== 0xa && unit !== 0xd) return undefined
      continue
    }
    if (unit < 0x800) bytes += 1
    else if (unit < 0xd800 || (unit >= 0xe000 && unit < 0xfffe)) bytes += 2
    else {
      // The second half of a pair must follow: two units, four bytes.
      const low = text.charCodeAt(index + 1)
      if (unit >= 0xdc00 || !(low >= 0xdc00 && low < 0xe000)) return undefined
      bytes += 2
      index += 1
    }
  }
  return bytes
}

/** Of message groups, deduplication and receive attempts. Source: as above, MessageGroupId. */
export const isToken = (value: string): boolean => tokenForm.test(value)

const tokenForm = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/
