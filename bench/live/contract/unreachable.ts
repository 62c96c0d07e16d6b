/** Why nothing could be asked for: what was expected, and what came. Undefined for an error of another kind. */
export const unreachable = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  const said = reasons[error.name] ?? reasons[codeOf(error)]
  return said === undefined ? undefined : `${said} (${error.message.trim()})`
}

/** Of the socket, where there was one. */
const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')

const nobody = 'expected something that answers there, but the connection failed'
const noCredentials = 'expected credentials of an account, but there are none'
const expired = 'expected credentials that hold, but these have expired'
const unknown = 'expected credentials that AWS knows, but it does not know these'
const forbidden = 'expected credentials that may create stacks, but these may not'

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: nobody,
  ECONNRESET: nobody,
  ENOTFOUND: nobody,
  EAI_AGAIN: nobody,
  ETIMEDOUT: nobody,
  TimeoutError: nobody,
  CredentialsProviderError: noCredentials,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  InvalidClientTokenId: unknown,
  SignatureDoesNotMatch: unknown,
  UnrecognizedClientException: unknown,
  AccessDenied: forbidden,
  AccessDeniedException: forbidden,
}
