import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { connect, disconnect } from '../target.ts'

const ovc = fileURLToPath(new URL('../../cli/ovc.ts', import.meta.url))
const url = inject('emulatorUrl')
const clients = connect({ kind: 'endpoint', url, region: 'us-east-1' })
afterAll(() => disconnect(clients))

/** Runs the command, sends SIGINT when it says so, and gives exit code and what it told. */
const interrupted = (prefix: string, when: RegExp): Promise<{ code: number | null; told: string }> =>
  new Promise((resolve) => {
    const words = ['contract', '--target', 'endpoint', '--endpoint', url, '--prefix', prefix]
    const child = spawn(process.execPath, ['--import', 'tsx', ovc, ...words, '--only', 'sqs', 'states'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let told = ''
    let isSent = false
    child.stderr.on('data', (data) => {
      told += String(data)
      if (isSent || !when.test(told)) return
      isSent = true
      child.kill('SIGINT')
    })
    child.once('close', (code) => resolve({ code, told }))
  })

describe('whoever presses Ctrl-C', () => {
  it.each([
    { name: 'while the stacks are deployed', prefix: 'StoppedEarly', when: /deploying/ },
    { name: 'while the statements are checked', prefix: 'StoppedLate', when: /checking/ },
  ])('$name leaves no stack behind, exit 130', async ({ prefix, when }) => {
    const { code, told } = await interrupted(prefix, when)
    expect(code, told).toBe(130)
    const begun = [...told.matchAll(/deploying (\S+)/g)].map(([, name]) => name)
    expect(begun.length).toBeGreaterThan(0)
    const { Stacks = [] } = await clients.cloudFormation.send(new DescribeStacksCommand({}))
    const left = Stacks.filter(
      ({ StackName, StackStatus }) => StackName?.startsWith(prefix) && StackStatus !== 'DELETE_COMPLETE',
    )
    expect(left.map(({ StackName, StackStatus }) => `${StackName} ${StackStatus}`)).toEqual([])
  })
})
