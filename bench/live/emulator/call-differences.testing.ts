/** Calls of which a run on MiniStack makes more or fewer than one in the virtual AWS, why, and which of the two is right. */
interface CallDifference {
  readonly contestant: string
  readonly scenario: string
  readonly why: string
  readonly documentation: string
  readonly calls: readonly string[]
}

export const callDifferences: readonly CallDifference[] = [
  {
    contestant: 'orchestrated-direct',
    scenario: 'refusals',
    why:
      'MiniStack calls every error that a Node function throws Runtime.HandlerError. A refusal is thrown under its own ' +
      'name, which Step Functions catches by; here the Catch for technical failures takes it instead, and compensates ' +
      'from the head of the chain: two steps more that find nothing to do, and the same end.',
    documentation: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
    calls: [
      'CancelShippingFunction dynamodb:GetItem ShippingTable',
      'OrderFlow lambda:Invoke CancelShippingFunction',
      'OrderFlow lambda:Invoke RefundPaymentFunction',
      'OrderFlow states:transition CancelShipping',
      'OrderFlow states:transition HasItShipped',
      'OrderFlow states:transition RefundPayment',
      'RefundPaymentFunction dynamodb:GetItem PaymentTable',
    ],
  },
]
