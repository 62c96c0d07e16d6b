/**
 * Numbers are compared as multiples of a millionth, within five thousand millions; outside of that, a number has no
 * comparable form and matches only itself. Source: "Numeric matching" in
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export const numberMax = 5e9
const scale = 1e6

export const comparable = (value: number): number | undefined => {
  if (Math.abs(value) > numberMax) return undefined
  const scaled = Math.round(value * scale)
  return scaled / scale === value ? scaled : undefined
}
