let lastText: string | undefined
let lastValue: unknown

/**
 * JSON text as its value, which is not to be changed; throws what JSON.parse does. Of several that ask of the same text
 * in turn, as a service and those who observe it, the first has it parsed.
 */
export const parsedJson = (text: string): unknown => {
  if (text !== lastText) {
    lastValue = JSON.parse(text)
    lastText = text
  }
  return lastValue
}
