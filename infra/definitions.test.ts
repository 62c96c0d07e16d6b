import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'

/** Required, not imported: the package says nothing of its types. */
const require = createRequire(import.meta.url)
const aslValidator: (machine: object) => { readonly isValid: boolean; readonly errorsText: () => string } =
  require('asl-validator')

describe('the flow definitions', () => {
  it.each(['order-flow.asl.json', 'order-flow-direct.asl.json'])(
    '%s is valid Amazon States Language',
    (file) => {
      expect(errorsIn(definition(file))).toBe('')
    },
  )

  it('are refused when a state leads nowhere', () => {
    expect(errorsIn({ ...definition('order-flow.asl.json'), StartAt: 'Nowhere' })).not.toBe('')
  })
})

const definition = (file: string): object =>
  JSON.parse(readFileSync(new URL(`../orchestrated/${file}`, import.meta.url), 'utf8'))

const errorsIn = (machine: object): string => {
  const { isValid, errorsText } = aslValidator(machine)
  return isValid ? '' : errorsText()
}
