/** One line of an order: `quantity` pieces of `sku` at `unitPrice` minor units (pence, cents) each. */
export interface OrderLine {
  readonly sku: string
  readonly quantity: number
  readonly unitPrice: number
}

/** What a customer asks for. `amount` is in minor units of `currency` and equals the sum over the lines. */
export interface Order {
  readonly orderId: string
  readonly customerId: string
  readonly country: string
  readonly currency: string
  readonly amount: number
  readonly lines: readonly OrderLine[]
}

/** An order without its lines: all that the services behind the warehouse need. `units` counts the pieces. */
export interface OrderSummary {
  readonly orderId: string
  readonly customerId: string
  readonly country: string
  readonly currency: string
  readonly amount: number
  readonly units: number
}

/** Leaves the lines behind. */
export const summaryOf = ({ orderId, customerId, country, currency, amount, lines }: Order): OrderSummary => {
  let units = 0
  for (const line of lines) units += line.quantity
  return { orderId, customerId, country, currency, amount, units }
}
