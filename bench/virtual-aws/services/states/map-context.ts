/**
 * What the Context object tells of the item that a Map works on; its items are of the state's input.
 * Source: "Context object data for Map states" in
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html (read 2026-11-25).
 */
export const mapContext = (index: number, value: unknown): object => ({
  Item: { Index: index, Value: value, Source: 'STATE_DATA' },
})
