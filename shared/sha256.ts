import { createHash } from 'sha256-uint8array'

/** Node's own hash is three times as fast as any written in JavaScript, but a browser has no Node. */
const native = globalThis.process?.getBuiltinModule?.('node:crypto')

/** SHA-256 as `sha256Hex` gives it, wherever there is JavaScript. */
export const sha256InScript = (text: string): string => {
  const bytes = createHash().update(text.toWellFormed()).digest()
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** SHA-256 of a text's UTF-8, in 64 hex digits. Half a surrogate pair is read as U+FFFD, as every encoder does. */
export const sha256Hex: (text: string) => string =
  native === undefined ? sha256InScript : (text) => native.hash('sha256', text, 'hex')
