import CStoreFaults
import ClusterStore
import Glibc
import StoreSQLite

// store-torture write PATH WORKER COUNT [none|kill|tear|full AT]
// store-torture open PATH [USER-ID]
//
// `write` prints "done N" after each transaction and "writes N" at its end; `open` prints "ok". A
// refusal is printed as "fault CAUSE" with exit code 2.

func usage() -> Never {
  tell("usage: store-torture write PATH WORKER COUNT [FAULT AT] | open PATH [USER-ID]")
  exit(64)
}

let faults: [String: store_fault] = [
  "none": STORE_FAULT_NONE, "kill": STORE_FAULT_KILL, "tear": STORE_FAULT_TEAR,
  "full": STORE_FAULT_FULL,
]
let arguments = CommandLine.arguments
guard arguments.count >= 3 else { usage() }

do throws(StoreError) {
  switch arguments[1] {
  case "write":
    guard arguments.count == 5 || arguments.count == 7, let count = Int(arguments[4]) else {
      usage()
    }
    let name = arguments.count == 7 ? arguments[5] : "none"
    guard let fault = faults[name], let at = Int(arguments.count == 7 ? arguments[6] : "0") else {
      usage()
    }
    guard store_faults_install(fault, at) == 0 else { exit(70) }
    try {
      () throws(StoreError) in
      let store = try SQLiteStore(path: arguments[2])
      try Workload(store: store, worker: arguments[3]).run(count: count)
    }()
    tell("writes \(store_faults_count())")
  case "open":
    if arguments.count == 4 {
      // As somebody who is not root, so that permissions count.
      guard let user = UInt32(arguments[3]), setgid(user) == 0, setuid(user) == 0 else { exit(77) }
    }
    let store = try SQLiteStore(path: arguments[2])
    _ = try store.list("")
    tell("ok")
  default: usage()
  }
} catch .unavailable(let fault) {
  tell("fault \(fault.cause)")
  exit(2)
} catch {
  tell("refused \(error.message)")
  exit(1)
}
