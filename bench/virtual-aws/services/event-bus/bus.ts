import type { CallTarget } from '../../world.ts'
import type { Archive } from './archive.ts'
import { notFound } from './errors.ts'
import type { Event } from './event.ts'
import type { Pattern } from './pattern/pattern.ts'
import type { Rule } from './rule.ts'
import { RuleIndex } from './rule-index.ts'

interface Declared {
  readonly rule: Rule
  readonly isEnabled: boolean
}

/** A bus with its rules and archives. The index holds the rules that are enabled, in the order of the template. */
export class Bus {
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  /** What putting events on it needs. */
  readonly putTarget: CallTarget
  readonly archives: Archive[] = []
  readonly #rules = new Map<string, Declared>()
  #index = new RuleIndex()

  constructor(logicalId: string, name: string, arn: string) {
    this.logicalId = logicalId
    this.name = name
    this.arn = arn
    this.putTarget = { iamAction: 'events:PutEvents', arn, logicalId }
  }

  add(rule: Rule, isEnabled: boolean): void {
    this.#rules.set(rule.arn, { rule, isEnabled })
    if (isEnabled) this.#index.add(rule)
  }

  /** In the place of the one of its name. */
  replace(rule: Rule, isEnabled: boolean): void {
    this.#rules.set(rule.arn, { rule, isEnabled })
    this.#rebuild()
  }

  has(ruleArn: string): boolean {
    return this.#rules.has(ruleArn)
  }

  /** The enabled rules that match. */
  matching(event: Event): readonly Rule[] {
    return this.#index.matching(event)
  }

  /** A rule with another pattern hears by it of the events that come after; its targets stay. */
  change(ruleArn: string, pattern: Pattern, isEnabled: boolean): boolean {
    const declared = this.#rules.get(ruleArn)
    if (declared === undefined) return false
    this.#rules.set(ruleArn, { rule: { ...declared.rule, pattern }, isEnabled })
    this.#rebuild()
    return true
  }

  /** A rule that is switched on or off hears of the events that come after. */
  switch(ruleArn: string, ruleName: string, isEnabled: boolean): void {
    const declared = this.#rules.get(ruleArn)
    if (declared === undefined) throw notFound(`Rule ${ruleName}`, ` on EventBus ${this.name}`)
    this.#rules.set(ruleArn, { ...declared, isEnabled })
    this.#rebuild()
  }

  #rebuild(): void {
    this.#index = new RuleIndex()
    for (const { rule, isEnabled: isOn } of this.#rules.values()) if (isOn) this.#index.add(rule)
  }
}
