/** A SHA-256 as text, 64 hexadecimal digits, is packed into half as many characters: one a byte. */
export const hashCharacters = 64
export const hashMark = 'h'
const hashMarkCode = hashMark.charCodeAt(0)
export const hashLeafCharacters = 1 + hashCharacters / 2

const digits = '0123456789abcdef'
const digitCodes = Array.from(digits, (digit) => digit.charCodeAt(0))
/** By the code of a character: what it stands for as a digit, or -1. */
const digitOf = Array.from({ length: 128 }, (_, code) => digits.indexOf(String.fromCharCode(code)))

const leafCodes: number[] = new Array(hashLeafCharacters).fill(hashMarkCode)
const hashCodes: number[] = new Array(hashCharacters).fill(0)

/** Undefined when the text is none. */
export const hashLeaf = (text: string): string | undefined => {
  for (let at = 1; at < hashLeafCharacters; at += 1) {
    const high = digitOf[text.charCodeAt(2 * at - 2)] ?? -1
    const low = digitOf[text.charCodeAt(2 * at - 1)] ?? -1
    if (high < 0 || low < 0) return undefined
    leafCodes[at] = 16 * high + low
  }
  return String.fromCharCode(...leafCodes)
}

export const hashIn = (packed: string, from: number): string => {
  for (let at = 1; at < hashLeafCharacters; at += 1) {
    const byte = packed.charCodeAt(from + at)
    hashCodes[2 * at - 2] = digitCodes[byte >> 4] ?? 0
    hashCodes[2 * at - 1] = digitCodes[byte & 15] ?? 0
  }
  return String.fromCharCode(...hashCodes)
}
