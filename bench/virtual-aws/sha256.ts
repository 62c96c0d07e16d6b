import { createHash } from 'sha256-uint8array'

/**
 * SHA-256 of a text's UTF-8, in 64 hex digits. Half a surrogate pair is read as U+FFFD, as every encoder does. The
 * services have one of their own: neither knows the other.
 */
export const sha256Hex = (text: string): string => {
  const bytes = createHash().update(text.toWellFormed()).digest()
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    codes[2 * index] = digits.charCodeAt(byte >> 4)
    codes[2 * index + 1] = digits.charCodeAt(byte & 0xf)
  }
  return String.fromCharCode(...codes)
}

const digits = '0123456789abcdef'

/** Written anew for each hash and read as one string: joined one by one, the digits would make thirty strings. */
const codes: number[] = Array.from({ length: 64 }, () => 0)
