import { App, Stack } from 'aws-cdk-lib'
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch'
import { describe, expect, it } from 'vitest'
import { dashboard, underWay } from './dashboard.ts'
import { at, everyTemplate, type Json, joined, listAt, resourcesOf } from './templates.testing.ts'

const bodyOf = (stack: string): Json => {
  const [board] = resourcesOf('AWS::CloudWatch::Dashboard', stack)
  return JSON.parse(joined(at(board?.properties, 'DashboardBody')))
}
const widgetsOf = (stack: string): readonly Json[] => listAt(bodyOf(stack), 'widgets')
const titlesOf = (stack: string): readonly Json[] =>
  widgetsOf(stack).map((widget) => at(widget, 'properties', 'title') ?? null)
const linesOf = (stack: string, title: string): readonly Json[] =>
  widgetsOf(stack)
    .filter((widget) => at(widget, 'properties', 'title') === title)
    .flatMap((widget) => listAt(widget, 'properties', 'metrics'))
const shownOf = (stack: string, title: string): readonly string[] =>
  linesOf(stack, title)
    .map((line) => /^\$\{(\w+)/.exec(String(at(line, 3)))?.[1] ?? '')
    .toSorted()
const idsOf = (type: string, stack: string, which = (_: Json): boolean => true): readonly string[] =>
  resourcesOf(type, stack)
    .filter(({ properties }) => which(properties))
    .map(({ id }) => id)
    .toSorted()
const isRedriven = (queue: Json): boolean => at(queue, 'RedrivePolicy') !== undefined

const always = [
  'Alarms',
  'Orders in, out and under way',
  'Overdue orders',
  'Function errors',
  'Function throttles',
  'Function duration p99, ms',
]
const withQueues = ['Messages waiting', 'Age of the oldest message, s', 'Dead letters']

describe('the dashboard of a stack', () => {
  it.each([
    ['Orchestrated', [...always, ...withQueues, 'Executions: time, ms, and throttling']],
    ['OrchestratedDirect', [...always, 'Executions: time, ms, and throttling']],
    ['Choreographed', [...always, ...withQueues, 'Events by rule']],
  ])('of %s shows what its services tell, and nothing empty', (stack, titles) => {
    expect(resourcesOf('AWS::CloudWatch::Dashboard', stack)).toHaveLength(1)
    expect(titlesOf(stack).map(String).toSorted()).toEqual(titles.toSorted())
    for (const widget of widgetsOf(stack).slice(1))
      expect(listAt(widget, 'properties', 'metrics').length).toBeGreaterThan(0)
  })

  it.each(everyTemplate.map(([stack]) => stack))('of %s leaves no queue, function or alarm out', (stack) => {
    for (const title of withQueues.slice(0, 2))
      expect(shownOf(stack, title)).toEqual(idsOf('AWS::SQS::Queue', stack, isRedriven))
    const atRest = idsOf('AWS::SQS::Queue', stack, (queue) => !isRedriven(queue))
    expect(shownOf(stack, 'Dead letters')).toEqual(atRest.filter((id) => !id.endsWith('Inbox')))
    for (const title of ['Function errors', 'Function throttles', 'Function duration p99, ms'])
      expect(shownOf(stack, title)).toEqual(idsOf('AWS::Lambda::Function', stack))
    const rung = listAt(widgetsOf(stack)[0], 'properties', 'alarms')
    expect(rung.map(String).toSorted()).toEqual(
      idsOf('AWS::CloudWatch::Alarm', stack)
        .map((id) => `\${${id}.Arn}`)
        .toSorted(),
    )
  })

  it.each(everyTemplate.map(([stack]) => stack))('of %s counts orders in and out', (stack) => {
    const labels = linesOf(stack, 'Orders in, out and under way').map((line) =>
      String(at(listAt(line).at(-1), 'label')),
    )
    expect(labels[0]).toBe('in')
    expect(labels.some((label) => label.startsWith('out'))).toBe(true)
    expect(labels.at(-1)).toBe('under way')
  })

  it('of Choreographed has every rule and the inbox of the operators', () => {
    const rules = linesOf('Choreographed', 'Events by rule').map((line) => `${String(at(line, 5))}Rule`)
    expect(rules.toSorted()).toEqual(idsOf('AWS::Events::Rule', 'Choreographed'))
    expect(shownOf('Choreographed', 'Overdue orders')).toEqual(['OrderOverdueInbox'])
  })

  it.each(everyTemplate.map(([stack]) => stack))('of %s covers no widget with another', (stack) => {
    const cells = widgetsOf(stack).flatMap((widget) => {
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(at(widget, name)))
      return Array.from({ length: Number(width) * Number(height) }, (_, cell) => {
        const column = Number(x) + (cell % Number(width))
        expect(column).toBeLessThan(24)
        return `${column},${Number(y) + Math.floor(cell / Number(width))}`
      })
    })
    expect(new Set(cells).size).toBe(cells.length)
  })

  it('counts what came in and has not gone out', () => {
    expect(underWay('entered', 'ended', 'failed')).toMatchObject([
      { expression: 'RUNNING_SUM(FILL(entered, 0) - FILL(ended, 0) - FILL(failed, 0))' },
    ])
  })

  it('is refused when it cannot show every alarm', () => {
    const stack = new Stack(new App(), 'Loud')
    for (let count = 0; count < 101; count += 1)
      new CfnAlarm(stack, `Alarm${count}`, {
        comparisonOperator: 'GreaterThanThreshold',
        evaluationPeriods: 1,
      })
    const quiet = { orders: [], pace: { title: '', lines: [] }, overdue: [] }
    expect(() => dashboard(stack, quiet)).toThrow('Stack Loud has 101 alarms; a dashboard shows 100.')
  })
})
