import { describe, it } from 'vitest'
import { aSummary as order } from '../orders.testing.ts'
import { specificationOf } from './decider.testing.ts'
import type { NotificationCommand, NotificationFact } from './notification.ts'
import * as notification from './notification.ts'

const { given } = specificationOf(notification)
const outcome = 'OrderRejected'
const told: NotificationFact = { type: 'CustomerNotified', data: { order, outcome } }
const mailed = (mail: NotificationCommand['data']['mail']): NotificationCommand => ({
  type: 'NotifyCustomer',
  data: { order, outcome, mail },
})

describe('the notification service', () => {
  it('tells that the customer was told', () => given().when(mailed('delivered')).then(told))

  it.each([{ mail: 'bounced' }, { mail: 'given-up' }] as const)(
    'makes a fact of a mail that $mail, and no refusal',
    ({ mail }) => {
      given()
        .when(mailed(mail))
        .then({ type: 'NotificationFailed', data: { order, outcome, reason: mail } })
    },
  )

  it('tells a customer only once', () => given(told).when(mailed('delivered')).then())
})
