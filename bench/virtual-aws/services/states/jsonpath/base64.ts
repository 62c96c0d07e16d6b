const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** UTF-8 as Base64, padded. By hand, since the rooms below this one know no `node:` modules. */
export const encodeBase64 = (text: string): string => {
  const bytes = new TextEncoder().encode(text)
  let encoded = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const chunk = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const digits = [18, 12, 6, 0].map((shift) => alphabet.charAt((chunk >> shift) & 63)).join('')
    const filled = Math.min(3, bytes.length - at) + 1
    encoded += digits.slice(0, filled).padEnd(4, '=')
  }
  return encoded
}

/** The text behind Base64, undefined when it is none. */
export const decodeBase64 = (text: string): string | undefined => {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const digit of text.replace(/=+$/, '')) {
    const value = alphabet.indexOf(digit)
    if (value < 0) return undefined
    held = ((held << 6) | value) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 0xff)
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}
