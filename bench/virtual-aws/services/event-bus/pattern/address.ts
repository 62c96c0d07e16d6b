/** An IP address as a number. */
export interface Address {
  readonly value: bigint
  readonly bits: 32 | 128
}

const v4Form = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/
const v6Form = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/

/** Undefined when the text is no IPv4 or IPv6 address (IPv4 in an IPv6 address in hexadecimal digits only). */
export const addressOf = (text: string): Address | undefined => {
  if (v4Form.test(text)) return v4Of(text)
  return v6Form.test(text) ? v6Of(text) : undefined
}

const v4Of = (text: string): Address | undefined => {
  let value = 0n
  for (const part of text.split('.')) {
    const byte = Number(part)
    if (byte > 255) return undefined
    value = value * 256n + BigInt(byte)
  }
  return { value, bits: 32 }
}

/** An address of the form ::ffff:a.b.c.d is the IPv4 address in it. */
const v4InV6 = 0xffffn

const v6Of = (text: string): Address | undefined => {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0])
  const tail = groupsOf(halves[1])
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...tail]
  const value = groups.reduce((sum, group) => sum * 0x10000n + group, 0n)
  return value >> 32n === v4InV6 ? { value: value & 0xffffffffn, bits: 32 } : { value, bits: 128 }
}

const groupsOf = (text: string | undefined): readonly bigint[] | undefined => {
  if (text === undefined || text === '') return []
  const groups = text.split(':')
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.map((group) => BigInt(`0x${group}`))
    : undefined
}
