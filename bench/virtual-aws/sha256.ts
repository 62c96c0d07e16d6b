import { createHash } from 'sha256-uint8array'

/** SHA-256 of a text's UTF-8, in 64 hex digits. Half a surrogate pair is read as U+FFFD, as every encoder does. */
export const sha256Hex = (text: string): string => createHash().update(text.toWellFormed()).digest('hex')
