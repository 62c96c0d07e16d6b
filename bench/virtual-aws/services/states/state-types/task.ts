import type { Principal } from '../../../world.ts'
import { NotModelled } from '../../properties.ts'
import { type StateSource, textField } from '../definition/fields.ts'
import { compileFlow } from '../definition/flow.ts'
import { compileEach, schemaFailure } from '../definition/invalid.ts'
import { compileNumber, type ReadNumber } from '../definition/numbers.ts'
import type { Failure } from '../failure.ts'
import type { Integration } from '../integrations/integration.ts'
import { knownParameters } from '../integrations/known-parameters.ts'
import { isObject, shown } from '../json.ts'
import { compileTemplate } from '../jsonata/template.ts'
import { compilePayload } from '../jsonpath/template.ts'
import type { RunningVisit } from '../running.ts'
import { type TaskEvents, taskEvents, taskNameOf } from '../task-events.ts'
import type { StateCompiler } from './state-compiler.ts'

/** Longest timeout in seconds, and what AWS takes when a task states none. */
const secondsMax = 99_999_999

/** Has work done by a service, and waits for its answer or for the answer to its token. */
export const compileTask: StateCompiler = (source, parts) => {
  const resource = textField(source.fields, 'Resource', source.pointer)
  if (parts.isExpress) refuseForExpress(source, resource)
  const integration = integrationOf(source, resource, parts.integration(resource))
  const flow = compileFlow(source)
  const timeout = compileSeconds(source, 'TimeoutSeconds')
  const heartbeat = compileSeconds(source, 'HeartbeatSeconds')
  const { TimeoutSeconds: timeoutSeconds, HeartbeatSeconds: heartbeatSeconds } = source.fields
  if (
    typeof timeoutSeconds === 'number' &&
    typeof heartbeatSeconds === 'number' &&
    heartbeatSeconds >= timeoutSeconds
  )
    throw schemaFailure("'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'", source.pointer)
  const principal = compilePrincipal(source)
  const hasCredentials = source.fields['Credentials'] !== undefined
  const events = taskEvents(resource)
  const name = taskNameOf(resource)

  const attempt = (visit: RunningVisit): void => {
    const { scope, execution } = visit
    const run = new TaskRun(visit, name, events, (output) =>
      visit.evaluate(() => visit.leave(parts.next, flow.leave({ ...scope, result: output }, output))),
    )
    if (integration.waitsForToken) visit.issueToken(run)
    const data = flow.input(scope)
    const payload = flow.work(scope)
    const timeoutMs = timeout?.(scope, data)
    const heartbeatMs = heartbeat?.(scope, data)
    const by = principal(visit, data)
    const roleArn = hasCredentials && by.kind === 'role' ? by.arn : undefined
    run.start(payload, timeoutMs, heartbeatMs, roleArn)
    const { world } = execution
    integration.call(
      { world, visit, payload, principal: by },
      visit.ofThisAttempt((outcome) => {
        if (!outcome.ok) run.fail(outcome.failure)
        else if (integration.waitsForToken) run.submit(outcome.output)
        else run.succeed(outcome.output)
      }),
    )
  }
  return { enter: attempt, waitsForToken: integration.waitsForToken }
}

/** One attempt of a task, from its scheduling to its one end. */
class TaskRun {
  readonly #visit: RunningVisit
  /** As AWS's messages call the task. */
  readonly #name: string
  readonly #events: TaskEvents
  readonly #succeed: (output: unknown) => void
  #heartbeatMs: number | undefined
  #cancelHeartbeat: (() => void) | undefined

  constructor(visit: RunningVisit, name: string, events: TaskEvents, succeed: (output: unknown) => void) {
    this.#visit = visit
    this.#name = name
    this.#events = events
    this.#succeed = succeed
  }

  start(
    payload: unknown,
    timeoutMs: number | undefined,
    heartbeatMs: number | undefined,
    roleArn: string | undefined,
  ): void {
    const { strand, execution } = this.#visit
    const { history } = strand
    history.write('event', payload)
    history.write()
    if (history.record !== undefined) {
      const { region } = execution.world
      const task = { region, payload, timeoutMs, heartbeatMs, roleArn }
      this.#events.scheduled(history.record, strand, task)
      this.#events.started(history.record, strand)
    }
    if (timeoutMs !== undefined) this.#visit.after(timeoutMs, () => this.#timeOut(undefined))
    this.#heartbeatMs = heartbeatMs
    this.heartbeat()
  }

  /** Starts the heartbeat's clock, or starts it again. */
  heartbeat(): void {
    this.#cancelHeartbeat?.()
    if (this.#heartbeatMs === undefined) return
    this.#cancelHeartbeat = this.#visit.after(this.#heartbeatMs, () =>
      this.#timeOut('States.HeartbeatTimeout'),
    )
  }

  /** The call was made; the answer to the token is waited for. */
  submit(output: unknown): void {
    const { history } = this.#visit.strand
    history.write('event', output)
    if (history.record !== undefined) this.#events.submitted(history.record, this.#visit.strand, output)
  }

  succeed(output: unknown): void {
    if (this.#visit.strand.isTooLarge(output)) {
      this.fail({
        error: 'States.DataLimitExceeded',
        cause: `The state/task '${this.#name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
      })
      return
    }
    const { history } = this.#visit.strand
    history.write('event', output)
    if (history.record !== undefined) this.#events.succeeded(history.record, this.#visit.strand, output)
    this.#succeed(output)
  }

  fail(failure: Failure): void {
    const { history } = this.#visit.strand
    history.write('failure', failure)
    if (history.record !== undefined) this.#events.failed(history.record, this.#visit.strand, failure)
    this.#visit.fail(failure)
  }

  /** An expired heartbeat was recorded on AWS as `States.Timeout`; the language's own name matches too. */
  #timeOut(alias: string | undefined): void {
    this.fail({ error: 'States.Timeout', cause: '', ...(alias === undefined ? {} : { alias }) })
  }
}

/** In AWS's words, its two spaces included. */
const refuseForExpress = ({ pointer }: StateSource, resource: string): void => {
  const [pattern] = /\.(waitForTaskToken|sync)(?=(:2)?$)/.exec(resource) ?? []
  if (pattern === undefined) return
  throw schemaFailure(
    `Express state machine does not support '${pattern}' service integration `,
    `${pointer}/Resource`,
  )
}

const integrationOf = (
  { fields, pointer }: StateSource,
  resource: string,
  integration: Integration | undefined,
): Integration => {
  if (integration === undefined) {
    throw schemaFailure(
      `The resource provided ${resource} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
      `${pointer}/Resource`,
    )
  }
  const field = fields['Parameters'] === undefined ? 'Arguments' : 'Parameters'
  const { [field]: given } = fields
  const { parameters } = integration
  if (!isObject(given) || parameters === undefined) return integration
  compileEach(Object.keys(given), (name) => {
    const plain = name.replace(/\.\$$/, '')
    if (parameters.has(plain)) return
    if (knownParameters(resource)?.has(plain) === true)
      throw new NotModelled(`${pointer}/${field}: the parameter '${plain}' is not modelled`)
    throw unsupportedParameter(plain, `${pointer}/${field}`)
  })
  return integration
}

/** Wording: https://github.com/aws/aws-cdk/issues/29968 (an answer of AWS, read 2026-11-25). */
const unsupportedParameter = (name: string, at: string): Error =>
  schemaFailure(`The field "${name}" is not supported by Step Functions`, at)

const compileSeconds = (source: StateSource, field: string): ReadNumber | undefined => {
  const seconds = compileNumber(
    source,
    field,
    { min: 1, max: secondsMax, integer: true },
    (value, path) =>
      `The ${field}Path field refers to value "${shown(value)}" which is not a valid integer from 1 to ${secondsMax}: ${path}`,
  )
  return seconds === undefined ? undefined : (scope, data) => 1000 * seconds(scope, data)
}

/** Who calls: the machine's role, or the one that `Credentials` names. */
const compilePrincipal = (source: StateSource): ((visit: RunningVisit, data: unknown) => Principal) => {
  const credentials = source.fields['Credentials']
  if (credentials === undefined) {
    return (visit) => ({ kind: 'role', arn: visit.execution.machine.roleArn })
  }
  const at = `${source.pointer}/Credentials`
  if (!isObject(credentials) || (credentials['RoleArn'] ?? credentials['RoleArn.$']) === undefined) {
    throw schemaFailure("The field 'RoleArn' is required but was missing", at)
  }
  const unknown = Object.keys(credentials).find((field) => !/^RoleArn(\.\$)?$/.test(field))
  if (unknown !== undefined) throw unsupportedParameter(unknown, at)
  const jsonata = source.language === 'JSONata' ? compileTemplate(credentials, 'Credentials') : undefined
  const jsonpath = compilePayload(jsonata === undefined ? credentials : {}, 'Credentials')
  return (visit, data) => {
    const { RoleArn: arn } = (jsonata?.(visit.scope) ?? jsonpath(data, visit.scope)) as {
      readonly RoleArn: unknown
    }
    return { kind: 'role', arn: String(arn) }
  }
}
