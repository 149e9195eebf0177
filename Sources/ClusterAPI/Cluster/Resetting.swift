import ClusterStore

extension LocalCluster {
  /// Deletes everything and sets the cluster up anew, with the same settings, at once.
  ///
  /// - Returns: how many objects there were.
  public func reset() throws(StatusError) -> Int {
    try transaction { (session) throws(StatusError) in
      var count = 0
      do throws(StoreError) {
        while true {
          let page = try session.access.list(ListQuery(prefix: "", limit: 500))
          if page.entries.isEmpty { break }
          count += page.entries.count { $0.key.hasPrefix(StoreKeys.objects) }
          try session.access.commit(Transaction(page.entries.map { .delete($0.key) }))
        }
      } catch { throw StatusError(error) }
      try session.refreshDefinitions()
      try NewCluster.fill(session)
      return count
    }
  }
}
