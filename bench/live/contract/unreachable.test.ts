import { describe, expect, it } from 'vitest'
import { unreachable } from './unreachable.ts'

const named = (name: string, more: object = {}): Error =>
  Object.assign(new Error('said so'), { name, ...more })

describe('an endpoint or an account that cannot be asked', () => {
  it.each([
    { error: named('Error', { code: 'ECONNREFUSED' }), says: /the connection failed \(said so\)/ },
    { error: named('CredentialsProviderError'), says: /there are none/ },
    { error: named('ExpiredToken'), says: /have expired/ },
    { error: named('InvalidClientTokenId'), says: /does not know these/ },
    { error: named('AccessDenied'), says: /may not/ },
  ])('$error.name: $says', ({ error, says }) => expect(unreachable(error)).toMatch(says))

  it('is not meant by another error', () => {
    expect(unreachable(named('ValidationError'))).toBeUndefined()
    expect(unreachable('text')).toBeUndefined()
  })
})
