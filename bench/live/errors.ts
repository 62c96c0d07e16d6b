import { BadInput } from '../workload/bad-input.ts'
import { namesOf, throttles, unanswered } from './passing.ts'
import { placeOf } from './stack.ts'
import type { Target } from './target.ts'

/** What went wrong between here and AWS, in one line with its cure; anything else as it is. */
export const explained = (error: unknown, target: Target): unknown => {
  const reason = reasonOf(error, target)
  return reason === undefined ? error : new BadInput(reason, { cause: error })
}

const reasonOf = (error: unknown, target: Target): string | undefined => {
  const names = namesOf(error)
  const isNamed = (...some: readonly string[]): boolean => some.some((name) => names.includes(name))
  if (isNamed(...unanswered))
    return target.kind === 'endpoint'
      ? `Nothing answers at ${target.url}: start the endpoint, or give --endpoint the address that it has.`
      : `AWS cannot be reached in ${target.region}: is there a network, and is that a region?`
  if (isNamed('CredentialsProviderError', 'TokenProviderError'))
    return `No AWS credentials were found${ofProfile(target)}${target.kind === 'aws' && target.profile !== undefined ? ', if there is one of that name' : ''}: run \`aws configure\` or \`aws sso login\`, or name a profile with --profile.`
  if (isNamed('ExpiredToken', 'ExpiredTokenException', 'RequestExpired'))
    return `The AWS credentials${ofProfile(target)} have expired: log in again, as with \`aws sso login\`.`
  if (
    isNamed(
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
    )
  )
    return `AWS does not accept the credentials${ofProfile(target)} in ${placeOf(target)}: are they of this account, and is the clock right?`
  if (isNamed('AccessDenied', 'AccessDeniedException', 'AuthorizationError'))
    return `Not allowed: ${sentenceOf(error)} The policies that are needed are in docs/on-aws.md.`
  if (isNamed(...throttles))
    return `AWS throttles requests in ${placeOf(target)}: ${sentenceOf(error)} Wait, or ask for less with --count and --rate.`
  if (isAnswered(error))
    return target.kind === 'endpoint'
      ? `What answers at ${target.url} does not answer as AWS does: ${namedSentenceOf(error)}`
      : `AWS refuses in ${placeOf(target)}: ${namedSentenceOf(error)}`
  return undefined
}

/** Whether an error is what became of an answer: an error of the service, or an answer that the SDK cannot read. */
const isAnswered = (error: unknown): error is Error =>
  error instanceof Error && ('$metadata' in error || '$response' in error)

const namedSentenceOf = (error: Error): string =>
  `${error.name}: ${sentenceOf(error).replaceAll(/\s+/g, ' ').slice(0, quotedMax)}`

/** What is no answer of AWS may be a whole page. */
const quotedMax = 200

const ofProfile = (target: Target): string =>
  target.kind === 'aws' && target.profile !== undefined ? ` of the profile "${target.profile}"` : ''

/** What an error says, with a full stop. */
export const sentenceOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message.trim() : String(error)
  return /[.!?]$/.test(text) ? text : `${text}.`
}
