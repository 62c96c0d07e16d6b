/** Calls of which a run on MiniStack makes more or fewer than one in the virtual AWS, why, and which of the two is right. */
interface CallDifference {
  readonly contestant: string
  readonly scenario: string
  readonly why: string
  readonly documentation: string
  readonly calls: Differences
}

/** By call, how often it is made in the virtual AWS and how often on the emulator. */
type Differences = Readonly<Record<string, readonly [virtual: number, emulator: number]>>

/** The calls that two runs made a different number of times. */
export const differencesOf = (
  virtual: Readonly<Record<string, number>>,
  emulator: Readonly<Record<string, number>>,
): Differences =>
  Object.fromEntries(
    [...new Set([...Object.keys(virtual), ...Object.keys(emulator)])]
      .map((call) => [call, [virtual[call] ?? 0, emulator[call] ?? 0]] as const)
      .filter(([, [inVirtual, onEmulator]]) => inVirtual !== onEmulator),
  )

const namelessErrors =
  'MiniStack calls every error that a Node function throws Runtime.HandlerError. A refusal is thrown under its own ' +
  'name, which Step Functions catches by; here the Catch for technical failures takes it instead, and compensates ' +
  'from the head of the chain: '

export const callDifferences: readonly CallDifference[] = [
  {
    contestant: 'orchestrated-direct',
    scenario: 'scarcity',
    why: `${namelessErrors}what the 15 orders that found too little stock never reserved is released. It finds nothing to do.`,
    documentation: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
    calls: {
      'OrderFlow lambda:Invoke ReleaseInventoryFunction': [0, 15],
      'OrderFlow states:transition ReleaseInventory': [0, 15],
      'ReleaseInventoryFunction dynamodb:GetItem InventoryTable': [0, 15],
    },
  },
  {
    contestant: 'orchestrated-direct',
    scenario: 'refusals',
    why:
      namelessErrors +
      'of the four orders that are rejected, two whose shipment was refused are cancelled with ' +
      'the carrier too, two whose card was declined are refunded too. Both find nothing to do, and the end is the same.',
    documentation: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html',
    calls: {
      'CancelShippingFunction dynamodb:GetItem ShippingTable': [0, 2],
      'OrderFlow lambda:Invoke CancelShippingFunction': [0, 2],
      'OrderFlow lambda:Invoke RefundPaymentFunction': [2, 4],
      'OrderFlow states:transition CancelShipping': [0, 2],
      'OrderFlow states:transition HasItShipped': [0, 2],
      'OrderFlow states:transition RefundPayment': [2, 4],
      'RefundPaymentFunction dynamodb:GetItem PaymentTable': [2, 4],
    },
  },
]
