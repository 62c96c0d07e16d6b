import { span } from './format.ts'

/** A fault, as it is staged or as results keep it, as a line: its kind, and each of its options by name, times in the unit that suits them. */
export const faultWords = ({ kind, ...options }: { readonly kind?: unknown }): string =>
  [String(kind), ...Object.entries<unknown>(options).map(([name, value]) => optionWords(name, value))].join(
    ', ',
  )

const optionWords = (name: string, value: unknown): string => {
  const isTime = name.endsWith('Ms')
  const values = (Array.isArray(value) ? value : [value]).map((each: unknown) =>
    isTime && typeof each === 'number' ? timeWords(each) : String(each),
  )
  return `${isTime ? name.slice(0, -2) : name} ${values.join(' to ')}`
}

const timeWords = (ms: number): string => (ms === 0 ? '0 s' : span(ms))
