/// Numbers of slots in ascending order, which is the order in which their objects were created.
///
/// New slots are appended in constant time; others cost a move of the numbers behind them.
struct SlotSet: Sendable {
  private(set) var slots: [Int32] = []

  var isEmpty: Bool { slots.isEmpty }

  mutating func insert(_ slot: Int32) {
    guard let last = slots.last, last >= slot else { return slots.append(slot) }
    let place = firstPlace(notBelow: slot)
    if slots[place] != slot { slots.insert(slot, at: place) }
  }

  mutating func remove(_ slot: Int32) {
    let place = firstPlace(notBelow: slot)
    if place < slots.count, slots[place] == slot { slots.remove(at: place) }
  }

  private func firstPlace(notBelow slot: Int32) -> Int {
    var low = 0
    var high = slots.count
    while low < high {
      let middle = (low + high) / 2
      if slots[middle] < slot { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
