import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { quoted } from '../../bench/cli/run-options.ts'

/** How a run of the CDK's command line ended, and what it said on stderr last. */
export interface CdkEnd {
  readonly exitCode: number
  readonly told: string
}

/** Runs the CDK's command line. What it says goes on to the terminal, unless it is only asked why something failed. */
export type Cdk = (words: readonly string[], says?: 'aloud' | 'silently') => Promise<CdkEnd>

/** Where and as whom. */
export interface Target {
  readonly profile?: string | undefined
  readonly region?: string | undefined
}

/** The words after `npx cdk`. What is to be done has been asked for, so that the CDK asks no more; and nothing else is touched. */
export const cdkWords = (
  action: 'deploy' | 'destroy',
  stacks: readonly string[],
  { profile, region }: Target,
): readonly string[] => [
  action,
  ...stacks,
  '--exclusively',
  ...(action === 'deploy' ? ['--require-approval', 'never', '--progress', 'events'] : ['--force']),
  ...targetWords({ profile, region }),
]

/** The options that name a target. */
export const targetWords = ({ profile, region }: Target): readonly string[] => [
  ...(profile === undefined ? [] : ['--profile', profile]),
  ...(region === undefined ? [] : ['--region', region]),
]

/** Does nothing but look, and tells in its log why it could not: a failed run keeps the reason to itself. */
const asking = (target: Target, stack: string): readonly string[] => [
  ...['diff', stack, '--exclusively', '--app', outputFolder, '--verbose'],
  ...targetWords(target),
]

const outputFolder = 'cdk.out'

/** What a failed run met before it could do its work, in one line; undefined where it met nothing that is known. */
export const obstacleTo = async (
  { told }: CdkEnd,
  target: Target,
  stack: string,
  cdk: Cdk,
): Promise<string | undefined> => {
  const first = obstacleIn(told, target)
  if (first !== noCredentials) return first
  const { told: reason } = await cdk(asking(target, stack), 'silently')
  return obstacleIn(reason, target) ?? first
}

const noCredentials =
  'no AWS credentials were found; give a --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'

/** What the CDK or AWS says, in whichever words, and what it means to whoever waits: something to mend before a retry. */
const obstacles: readonly { readonly said: RegExp; readonly means: (target: Target) => string }[] = [
  {
    said: /ExpiredToken|\bexpired\b[^\n]*\b(?:token|credentials|session)\b|\b(?:token|credentials|session)\b[^\n]*\bexpired\b/i,
    means: (target) =>
      `the AWS credentials have expired; renew them (with single sign-on: ${command('aws sso login', { profile: target.profile })})`,
  },
  {
    said: /security token included in the request is invalid|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch/i,
    means: () => 'AWS does not accept these credentials; check the access key and its secret',
  },
  {
    said: /Could not resolve credentials using profile/,
    means: ({ profile }) =>
      `no credentials were found for the AWS profile "${profile ?? 'default'}" in ~/.aws/config or ~/.aws/credentials`,
  },
  {
    said: /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH)\b/,
    means: ({ region }) =>
      `AWS cannot be reached${region === undefined ? '' : ` in ${region}`}; check the name of the region and the network`,
  },
  {
    said: /Has the environment been bootstrapped|toolkit stack must be deployed|account bootstrapped\?/,
    means: (target) =>
      `the account is not bootstrapped in ${target.region ?? 'this region'}; run once: ${command('npx cdk bootstrap', target)}`,
  },
  {
    said: /-bootstrap the environment/,
    means: (target) =>
      `the roles of the CDK's bootstrap cannot be assumed: either the account is not bootstrapped (${command('npx cdk bootstrap', target)}), or these credentials may not (docs/on-aws.md)`,
  },
  {
    said: /is not authorized to perform|AccessDenied/,
    means: () => 'AWS does not allow this to these credentials; docs/on-aws.md lists the permissions needed',
  },
  { said: /Unable to resolve AWS account/, means: () => noCredentials },
]

const command = (words: string, target: Target): string =>
  [words, ...targetWords(target).map(quoted)].join(' ')

const obstacleIn = (told: string, target: Target): string | undefined =>
  obstacles.find(({ said }) => said.test(told))?.means(target)

const toldMax = 64 * 1024

/** Runs the CDK that is installed with this project, as `npx cdk` does. */
export const runCdk: Cdk = (words, says = 'aloud') =>
  new Promise((resolve, reject) => {
    const script = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk')
    const isAloud = says === 'aloud'
    const cdk = spawn(process.execPath, [script, ...words], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['inherit', isAloud ? 'inherit' : 'ignore', 'pipe'],
    })
    // Ctrl-C reaches the CDK as well, and it is waited for: what is under way is not left without a word.
    const wait = (): void => undefined
    process.on('SIGINT', wait)
    let told = ''
    cdk.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (isAloud) process.stderr.write(text)
      told = `${told}${text}`.slice(-toldMax)
    })
    cdk.on('error', reject)
    cdk.on('close', (code, signal) => {
      process.off('SIGINT', wait)
      resolve({ exitCode: signal === 'SIGINT' ? interruptedCode : (code ?? 1), told })
    })
  })

/** What shells expect of a program that Ctrl-C ended. */
export const interruptedCode = 130
