import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** How a run of the CDK's command line ended, and what it said on stderr last. */
export interface CdkEnd {
  readonly exitCode: number
  readonly told: string
}

export type Cdk = (words: readonly string[]) => Promise<CdkEnd>

/** Where and as whom. */
export interface Target {
  readonly profile?: string
  readonly region?: string
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
  ...(profile === undefined ? [] : ['--profile', profile]),
  ...(region === undefined ? [] : ['--region', region]),
]

/** What the CDK or AWS says, in whichever words, and what it means to whoever waits: something to mend before a retry. */
const obstacles: readonly { readonly said: RegExp; readonly means: (target: Target) => string }[] = [
  {
    said: /(?:token|credentials|session)[^\n]*\bexpired\b|ExpiredToken|\bexpired\b[^\n]*(?:token|credentials|session)/i,
    means: ({ profile }) =>
      `the AWS credentials have expired; renew them (with single sign-on: aws sso login${profile === undefined ? '' : ` --profile ${profile}`})`,
  },
  {
    said: /security token included in the request is invalid|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch/i,
    means: () => 'AWS does not accept these credentials; check the access key and its secret',
  },
  {
    said: /could not (?:be found|find)[^\n]*profile|profile[^\n]*(?:could not be found|not found|does not exist)/i,
    means: ({ profile }) =>
      `there is no AWS profile "${profile ?? 'default'}" in ~/.aws/config or ~/.aws/credentials`,
  },
  {
    said: /Unable to resolve AWS account|no credentials have been configured|Could not load credentials|NoBaseCredentials/i,
    means: () =>
      'no AWS credentials were found; give a --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  },
  {
    said: /Has the environment been bootstrapped|toolkit stack must be deployed|account bootstrapped\?|not bootstrapped/i,
    means: ({ profile, region }) =>
      `the account is not bootstrapped in ${region ?? 'this region'}; run once: npx cdk bootstrap${profile === undefined ? '' : ` --profile ${profile}`}${region === undefined ? '' : ` --region ${region}`}`,
  },
  {
    said: /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH)\b/,
    means: ({ region }) =>
      `AWS cannot be reached${region === undefined ? '' : ` in ${region}`}; check the region's name and the network`,
  },
  {
    said: /is not authorized to perform|AccessDenied/,
    means: () =>
      'AWS does not allow these credentials to deploy; docs/on-aws.md lists the permissions needed',
  },
]

/** The obstacle that a failed run met before it could do its work, in one line; undefined where it met none that is known. */
export const obstacleIn = (told: string, target: Target): string | undefined =>
  obstacles.find(({ said }) => said.test(told))?.means(target)

const toldMax = 64 * 1024

/** Runs the CDK that is installed with this project, as `npx cdk` does; what it says goes on to the terminal. */
export const runCdk: Cdk = (words) =>
  new Promise((resolve, reject) => {
    const script = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk')
    const cdk = spawn(process.execPath, [script, ...words], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['inherit', 'inherit', 'pipe'],
    })
    // Ctrl-C reaches the CDK as well, and it is waited for: what is under way is not left without a word.
    const wait = (): void => undefined
    process.on('SIGINT', wait)
    let told = ''
    cdk.stderr.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text)
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
