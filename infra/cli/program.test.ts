import { describe, expect, it } from 'vitest'
import { BadInput } from '../../bench/workload/bad-input.ts'
import type { CdkEnd } from './cdk.ts'
import { runProgram } from './program.ts'

interface Stand {
  /** What the AWS configuration names, profile by profile; '' is that of no profile. */
  readonly regions?: Readonly<Record<string, string>>
  /** What runs, stack by stack; undefined where AWS does not tell. */
  readonly running?: Readonly<Record<string, number>> | 'not allowed'
  /** What a person answers; without it nobody can be asked. */
  readonly answer?: boolean
  /** How the CDK ends, run by run. */
  readonly ends?: readonly CdkEnd[]
}

const done: CdkEnd = { exitCode: 0, told: '' }

const run = async (
  words: readonly string[],
  { regions = {}, running = {}, answer, ends = [done] }: Stand = {},
) => {
  const told = { out: '', error: '' }
  const ran: (readonly string[])[] = []
  /** What was done, in its order: stacks whose executions were stopped, and `cdk`. */
  const did: string[] = []
  const exitCode = await runProgram(words, {
    out: (text) => {
      told.out += text
    },
    error: (text) => {
      told.error += text
    },
    regionOf: async (profile = '') => regions[profile],
    stopExecutions: async (stack, { region }, onFound) => {
      did.push(`${stack} in ${region}`)
      if (running === 'not allowed') throw new BadInput('Not allowed: no states:StopExecution.')
      const count = running[stack] ?? 0
      if (count > 0) onFound(count)
      return count
    },
    ...(answer === undefined ? {} : { ask: async () => answer }),
    cdk: async (given) => {
      ran.push(given)
      did.push('cdk')
      return ends[ran.length - 1] ?? done
    },
  })
  return { exitCode, ran, did, ...told }
}

const failed = (told: string): CdkEnd => ({ exitCode: 1, told })

describe('npm run deploy', () => {
  it('says what each stack holds and what it costs, and hands the stacks over with their instruments last', async () => {
    const { exitCode, ran, out, error } = await run(['deploy', '--yes'])
    expect([exitCode, error]).toEqual([0, ''])
    expect(out).toMatch(/^ {2}OrchestratedDirect: \d+ resources: 24 alarms, .*1 state machine$/m)
    expect(out).toMatch(/^ {2}ChoreographedResults: 3 resources: 1 queue, 1 queue policy, 1 rule$/m)
    expect(out).toMatch(/^ {2}Orchestrated: \$\d+\.\d\d a month .* \$0\.\d\d for 1,000 orders$/m)
    expect(out).toMatch(/^ {2}together: \$\d+\.\d\d a month/m)
    expect(ran).toHaveLength(1)
    expect(ran[0]?.slice(0, 7)).toEqual([
      'deploy',
      'Orchestrated',
      'OrchestratedDirect',
      'Choreographed',
      'OrchestratedResults',
      'OrchestratedDirectResults',
      'ChoreographedResults',
    ])
    expect(ran[0]).toContain('--exclusively')
  })

  it.each(['Choreographed', 'choreographed'])('takes %s for the stack and its instruments', async (word) => {
    const { ran, out } = await run(['deploy', word, '--yes', '--profile', 'bench', '--region', 'eu-west-1'])
    expect(ran[0]?.slice(0, 3)).toEqual(['deploy', 'Choreographed', 'ChoreographedResults'])
    expect(ran[0]?.slice(-4)).toEqual(['--profile', 'bench', '--region', 'eu-west-1'])
    expect(out).toContain('npm run compare -- --target aws --profile bench --region eu-west-1 --contestant')
    expect(out).toContain('npm run destroy -- --profile bench --region eu-west-1\n')
  })

  it('asks, and does nothing when the answer is no', async () => {
    const { exitCode, ran, error } = await run(['deploy', 'orchestrated'], { answer: false })
    expect({ exitCode, ran, error }).toEqual({
      exitCode: 130,
      ran: [],
      error: 'deploy: stopped; nothing was changed\n',
    })
  })

  it('goes on when the answer is yes', async () => {
    expect(await run(['deploy', 'orchestrated'], { answer: true })).toMatchObject({ exitCode: 0, error: '' })
  })

  it('does nothing where nobody can be asked and nobody said --yes', async () => {
    const { exitCode, ran, out, error } = await run(['deploy'])
    expect({ exitCode, ran, out, error }).toEqual({
      exitCode: 2,
      ran: [],
      out: '',
      error: 'deploy: expected --yes, since this is no terminal and nobody can be asked\n',
    })
  })

  it('says it all and does nothing with --dry-run', async () => {
    const { exitCode, ran, out } = await run(['deploy', 'orchestrated', '--dry-run'])
    expect({ exitCode, ran }).toEqual({ exitCode: 0, ran: [] })
    expect(out).toContain('Runs: npx cdk deploy Orchestrated OrchestratedResults')
  })

  it.each([
    { name: 'that of the option', words: ['--region', 'eu-west-1'], region: 'eu-west-1' },
    { name: 'that of the AWS configuration', words: [], region: 'eu-central-1' },
    { name: 'that of the profile', words: ['--profile', 'bench'], region: 'ap-southeast-1' },
  ])('takes $name, and hands it to the CDK by name', async ({ words, region }) => {
    const { ran, out } = await run(['deploy', 'orchestrated-direct', '--yes', ...words], {
      regions: { '': 'eu-central-1', bench: 'ap-southeast-1' },
    })
    expect(out).toMatch(
      new RegExp(`^To be created or updated in ${region}( as "bench")?, in this order:$`, 'm'),
    )
    expect(ran[0]?.slice(-2)).toEqual(['--region', region])
  })

  it('takes us-east-1 where nothing names a region, and says why', async () => {
    const { ran, out } = await run(['deploy', 'orchestrated-direct', '--yes'])
    expect(out).toContain(
      ' in us-east-1, since neither --region nor your AWS configuration names another, in this order:\n',
    )
    expect(ran[0]?.slice(-2)).toEqual(['--region', 'us-east-1'])
  })

  it('prices by the region, and by us-east-1 where a price has no source', async () => {
    const priced = async (region: string) =>
      (await run(['deploy', 'orchestrated-direct', '--dry-run', '--region', region])).out
    expect(await priced('eu-central-1')).toContain('at list prices of eu-central-1:\n')
    expect(await priced('ap-southeast-1')).toContain(
      'at list prices of us-east-1 (not every price of ap-southeast-1 has a source here):\n',
    )
  })

  it.each([
    { name: 'all', words: [], measure: '' },
    { name: 'one', words: ['choreographed'], measure: ' --contestant choreographed' },
    {
      name: 'two, one of them by its instruments',
      words: ['orchestrated', 'OrchestratedDirectResults'],
      measure: ' --contestant orchestrated orchestrated-direct',
    },
  ])('suggests to measure what was deployed, where it was: $name', async ({ words, measure }) => {
    const { out } = await run(['deploy', ...words, '--yes'], { regions: { '': 'eu-west-1' } })
    expect(out).toContain(`Measure with: npm run compare -- --target aws --region eu-west-1${measure}\n`)
    expect(out).toContain('Take down with: npm run destroy -- --region eu-west-1\n')
  })

  it('writes what it suggests as a shell takes it', async () => {
    const { out } = await run(['deploy', '--yes', '--profile', "Ann's bench"])
    expect(out).toContain(`--target aws --profile 'Ann'\\''s bench' --region us-east-1\n`)
  })

  it('warns before it deploys to where nothing can be measured, and suggests no run there', async () => {
    const { exitCode, ran, out } = await run(['deploy', '--yes', '--region', 'ap-southeast-1'])
    const warning =
      'Warning: npm run compare cannot measure what stands in ap-southeast-1: it knows prices and quotas of eu-central-1, eu-west-1, us-east-1.\n'
    expect({ exitCode, runs: ran.length }).toEqual({ exitCode: 0, runs: 1 })
    expect(out.split('Runs: npx cdk')).toEqual([
      expect.stringContaining(warning),
      expect.stringContaining(warning),
    ])
    expect(out).not.toContain('Measure with')
    expect((await run(['deploy', '--dry-run', '--region', 'eu-west-1'])).out).not.toContain('Warning')
  })

  it.each([
    {
      name: 'an unknown stack',
      words: ['deploy', 'Nope', '--yes'],
      says: /^deploy: unknown stack "Nope"; expected some of Orchestrated, OrchestratedDirect, .*\n$/,
    },
    { name: 'an unknown option', words: ['deploy', '--nope'], says: /^deploy: unknown option '--nope'\n$/ },
    {
      name: 'no region after --region',
      words: ['deploy', '--region'],
      says: /^deploy: .*argument missing\n$/,
    },
  ])('refuses $name in one line', async ({ words, says }) => {
    const { exitCode, ran, error } = await run(words)
    expect({ exitCode, ran }).toEqual({ exitCode: 2, ran: [] })
    expect(error).toMatch(says)
  })

  it('explains itself', async () => {
    const { exitCode, out } = await run(['deploy', '--help'])
    expect(exitCode).toBe(0)
    expect(out).toContain('Usage: npm run deploy [options] [stack...]')
    expect(out).toContain('Exit codes: 0 done, 1 it failed under way, 2 it could not begin, 130 stopped.')
  })
})

describe('npm run destroy', () => {
  it('says what is lost and what stays, and takes the instruments down first', async () => {
    const { exitCode, ran, out } = await run(['destroy', 'orchestrated', 'choreographed', '--yes'])
    expect(exitCode).toBe(0)
    expect(out).toContain('nothing of it can be restored')
    expect(out).toContain("stays in the bucket of the CDK's bootstrap stack")
    expect(ran).toEqual([
      [
        ...['destroy', 'ChoreographedResults', 'OrchestratedResults', 'Choreographed', 'Orchestrated'],
        ...['--exclusively', '--force', '--region', 'us-east-1'],
      ],
    ])
  })

  it('stops executions that wait before anything is deleted, and says how many', async () => {
    const { exitCode, did, out } = await run(['destroy', '--yes', '--region', 'eu-west-1'], {
      running: { Orchestrated: 12, OrchestratedDirect: 1 },
    })
    expect(exitCode).toBe(0)
    expect(did).toEqual(['OrchestratedDirect in eu-west-1', 'Orchestrated in eu-west-1', 'cdk'])
    for (const line of ['Orchestrated: 12 executions', 'OrchestratedDirect: 1 execution'])
      expect(out).toContain(`${line} still running\n`)
    for (const line of ['Orchestrated: 12 executions', 'OrchestratedDirect: 1 execution'])
      expect(out).toContain(`${line} stopped\n`)
  })

  it('tells beforehand that it will, where there is a state machine', async () => {
    const said = async (stack: string) => (await run(['destroy', stack, '--dry-run'])).out
    expect(await said('orchestrated')).toContain(
      'Executions that still run in Orchestrated are stopped first',
    )
    for (const stack of ['choreographed', 'OrchestratedResults'])
      expect(await said(stack)).not.toContain('Executions')
  })

  it.each([
    { name: 'with --dry-run', words: ['--dry-run'], stand: {} },
    { name: 'when the answer is no', words: [], stand: { answer: false } },
  ])('stops nothing $name', async ({ words, stand }) => {
    const { did } = await run(['destroy', ...words], { ...stand, running: { Orchestrated: 1 } })
    expect(did).toEqual([])
  })

  it('looks for none where there is no state machine', async () => {
    const { did } = await run(['destroy', 'choreographed', 'OrchestratedResults', '--yes'])
    expect(did).toEqual(['cdk'])
  })

  it('deletes nothing when executions cannot be stopped, in one line and exit code 2', async () => {
    const { exitCode, did, error } = await run(['destroy', 'orchestrated', '--yes'], {
      running: 'not allowed',
    })
    expect({ exitCode, did, error }).toEqual({
      exitCode: 2,
      did: ['Orchestrated in us-east-1'],
      error: 'destroy: Not allowed: no states:StopExecution.\n',
    })
  })

  it('may take the instruments down alone', async () => {
    const { ran } = await run(['destroy', 'OrchestratedResults', '--yes'])
    expect(ran[0]?.slice(0, 3)).toEqual(['destroy', 'OrchestratedResults', '--exclusively'])
  })
})

describe('what stands in the way is one line and exit code 2:', () => {
  const target = ['--profile', 'bench', '--region', 'eu-west-1']
  it.each([
    {
      name: 'no bootstrap',
      told: "❌  Orchestrated failed: SsmParameterNotFound: SSM parameter /cdk-bootstrap/hnb659fds/version not found in aws://111122223333/eu-west-1. Has the environment been bootstrapped? Please run 'cdk bootstrap' (see https://docs.aws.amazon.com/cdk/latest/guide/bootstrapping.html)",
      says: 'the account is not bootstrapped in eu-west-1; run once: npx cdk bootstrap --profile bench --region eu-west-1',
    },
    {
      name: 'roles of the bootstrap that are not there or not allowed',
      told: "Could not assume role in target account using current credentials User: arn:aws:iam::111122223333:user/u is not authorized to perform: sts:AssumeRole. Please make sure that this role exists in the account. If it doesn't exist, (re)-bootstrap the environment with the right '--trust'",
      says: "the roles of the CDK's bootstrap cannot be assumed: either the account is not bootstrapped (npx cdk bootstrap --profile bench --region eu-west-1), or these credentials may not (docs/on-aws.md)",
    },
    {
      name: 'expired credentials',
      told: 'There are expired AWS credentials in your environment. The CDK app will synth without current account information.\nUnable to resolve AWS account to use.',
      says: 'the AWS credentials have expired; renew them (with single sign-on: aws sso login --profile bench)',
    },
    {
      name: 'a permission that is lacking',
      told: 'User: arn:aws:iam::111122223333:user/u is not authorized to perform: cloudformation:CreateChangeSet',
      says: 'AWS does not allow this to these credentials; docs/on-aws.md lists the permissions needed',
    },
  ])('$name', async ({ told, says }) => {
    const { exitCode, ran, error } = await run(['destroy', 'orchestrated', '--yes', ...target], {
      ends: [failed(told)],
    })
    expect({ exitCode, error }).toEqual({ exitCode: 2, error: `destroy: ${says}\n` })
    expect(ran).toHaveLength(1)
  })

  // The CDK says of all of these that the account cannot be resolved, and why only when it is verbose.
  it.each([
    {
      name: 'no credentials',
      reason: 'CredentialsProviderError): Could not load credentials from any providers',
      says: 'no AWS credentials were found; give a --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    },
    {
      name: 'an unknown profile',
      reason:
        'CredentialsProviderError): Could not resolve credentials using profile: [bench] in configuration/credentials file(s).',
      says: 'no credentials were found for the AWS profile "bench" in ~/.aws/config or ~/.aws/credentials',
    },
    {
      name: 'an ended session of single sign-on',
      reason:
        "CredentialsProviderError): Token is expired. To refresh this SSO session run 'aws sso login' with the corresponding profile.",
      says: 'the AWS credentials have expired; renew them (with single sign-on: aws sso login --profile bench)',
    },
    {
      name: 'credentials that AWS does not know',
      reason: 'InvalidClientTokenId): The security token included in the request is invalid.',
      says: 'AWS does not accept these credentials; check the access key and its secret',
    },
    {
      name: 'a region that is not there',
      reason: 'Error): getaddrinfo ENOTFOUND sts.eu-west-1.amazonaws.com',
      says: 'AWS cannot be reached in eu-west-1; check the name of the region and the network',
    },
  ])('$name', async ({ reason, says }) => {
    const { exitCode, ran, error } = await run(['destroy', 'orchestrated', '--yes', ...target], {
      ends: [
        failed(
          'Unable to resolve AWS account to use. It must be either configured when you define your CDK Stack',
        ),
        failed(
          `[19:56:14] Unable to determine the default AWS account (${reason}\nUnable to resolve AWS account to use.`,
        ),
      ],
    })
    expect({ exitCode, error }).toEqual({ exitCode: 2, error: `destroy: ${says}\n` })
    expect(ran[1]?.slice(0, 2)).toEqual(['diff', 'OrchestratedResults'])
  })
})

describe('what goes wrong under way', () => {
  it('is exit code 1, after what the CDK has said', async () => {
    const told = 'Orchestrated | CREATE_FAILED | AWS::SQS::Queue'
    expect(await run(['destroy', '--yes'], { ends: [failed(told)] })).toMatchObject({
      exitCode: 1,
      error: 'destroy: the CDK failed with exit code 1; what it said stands above\n',
    })
  })

  it('by Ctrl-C is exit code 130', async () => {
    expect(await run(['destroy', '--yes'], { ends: [{ exitCode: 130, told: '' }] })).toMatchObject({
      exitCode: 130,
      error: 'destroy: stopped; CloudFormation goes on with what it has begun\n',
    })
  })
})
