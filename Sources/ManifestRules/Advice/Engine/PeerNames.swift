/// What other linters call the rules, so that their annotations and the habits of their users keep
/// working.
enum PeerNames {
  /// Whether a word names rules: ours, or a peer's.
  static func isKnown(_ word: String) -> Bool {
    AdviceSelection.isKnown(word) || table[word] != nil
  }

  /// The words by which our rules are found: the word itself, or the codes that stand for it.
  static func codes(_ word: String) -> [String] {
    AdviceSelection.isKnown(word) ? [word] : table[word] ?? []
  }

  /// The suppressions that an annotation of a peer means.
  static func annotation(_ key: String, _ text: String) -> [(rules: [String], reason: String)] {
    if let name = key.dropping("ignore-check.kube-linter.io/") {
      return codes(name).isEmpty ? [] : [(codes(name), text)]
    }
    if key == "kube-linter.io/ignore-all" { return [(["all"], text)] }
    if key == "kube-score/ignore" {
      return text.split(separator: ",").compactMap { part in
        let name = String(part.drop { $0 == " " }.prefix { $0 != " " })
        let rules = codes(name)
        return rules.isEmpty ? nil : (rules, "kube-score/ignore")
      }
    }
    if key.dropping("checkov.io/skip") != nil {
      let parts = text.split(separator: "=", maxSplits: 1)
      let rules = parts.first.map { codes(String($0)) } ?? []
      return rules.isEmpty ? [] : [(rules, parts.count == 2 ? String(parts[1]) : "")]
    }
    return []
  }

  /// Codes by the names that kube-linter, kube-score and checkov give to the same checks.
  static let table: [String: [String]] = kubeLinter.merging(kubeScore) { $0 + $1 }
    .merging(checkov) { $0 + $1 }

  private static let kubeLinter: [String: [String]] = [
    "privileged-container": ["PSB003"], "privilege-escalation-container": ["PSR002"],
    "host-pid": ["PSB002"], "host-ipc": ["PSB002"], "host-network": ["PSB002"],
    "drop-net-raw-capability": ["PSR006"],
    "run-as-non-root": ["PSR003", "PSR004", "SEC010"],
    "no-read-only-root-fs": ["SEC001"], "unsafe-proc-mount": ["PSB009"],
    "unsafe-sysctls": ["PSB011"], "sensitive-host-mounts": ["SEC007"],
    "writable-host-mount": ["SEC007"], "docker-sock": ["SEC006"],
    "default-service-account": ["SEC003"], "deprecated-service-account-field": ["DEP003"],
    "read-secret-from-env-var": ["SEC005"], "env-var-secret": ["SEC004"],
    "latest-tag": ["IMG001", "IMG004"], "unset-cpu-requirements": ["RES002", "RES004"],
    "unset-memory-requirements": ["RES001", "RES003"], "no-readiness-probe": ["PRB001"],
    "no-liveness-probe": ["PRB002"], "liveness-port": ["PRB004"], "readiness-port": ["PRB004"],
    "startup-port": ["PRB004"], "minimum-three-replicas": ["REL001"],
    "pdb-max-unavailable": ["REF013"], "pdb-min-available": ["REF013"],
    "no-anti-affinity": ["REL003"], "no-rolling-update-strategy": ["REL004"],
    "priority-class-name": ["REL010"], "job-ttl-seconds-after-finished": ["JOB003"],
    "dangling-service": ["REF001"], "exposed-services": ["NET001", "NET002"],
    "dangling-ingress": ["REF016"], "non-isolated-pod": ["NET003"],
    "dangling-networkpolicy": ["REF015"], "dangling-networkpolicypeer-podselector": ["REF015"],
    "ssh-port": ["SEC014"], "mismatching-selector": ["COR001"],
    "duplicate-env-var": ["APW002"], "env-value-from": ["REF006", "REF007"],
    "non-existent-service-account": ["REF008"], "dangling-horizontalpodautoscaler": ["REF010"],
    "no-extensions-v1beta": ["DEP001"], "use-namespace": ["MET001"],
    "required-label-owner": ["MET002"], "required-annotation-email": ["MET002"],
  ]

  private static let kubeScore: [String: [String]] = [
    "container-security-context-privileged": ["PSB003"],
    "container-security-context-user-group-id": ["SEC009"],
    "container-security-context-readonlyrootfilesystem": ["SEC001"],
    "container-security-context": ["PSB003", "SEC001", "SEC009"],
    "container-seccomp-profile": ["PSR005"],
    "container-ephemeral-storage-request-and-limit": ["RES007"],
    "container-ephemeral-storage-request-equals-limit": ["RES007"],
    "container-image-tag": ["IMG001"], "container-image-pull-policy": ["IMG003"],
    "container-resources": ["RES001", "RES002", "RES003", "RES004"],
    "container-resource-requests-equal-limits": ["RES005"],
    "container-memory-requests-equal-limits": ["RES005"],
    "pod-probes": ["PRB001", "PRB002", "PRB003"], "pod-probes-identical": ["PRB003"],
    "deployment-replicas": ["REL001"],
    "deployment-targeted-by-hpa-does-not-have-replicas-configured": ["REF011"],
    "deployment-has-poddisruptionbudget": ["REL002"],
    "statefulset-has-poddisruptionbudget": ["REL002"],
    "deployment-has-host-podantiaffinity": ["REL003"],
    "statefulset-has-host-podantiaffinity": ["REL003"],
    "pod-topology-spread-constraints": ["REL003"], "deployment-strategy": ["REL004"],
    "cronjob-has-deadline": ["JOB001"], "service-targets-pod": ["REF001"],
    "service-type": ["NET001"], "ingress-targets-service": ["REF016"],
    "pod-networkpolicy": ["NET003"], "networkpolicy-targets-pod": ["REF015"],
    "deployment-pod-selector-labels-match-template-metadata-labels": ["COR001"],
    "statefulset-pod-selector-labels-match-template-metadata-labels": ["COR001"],
    "environment-variable-key-duplication": ["APW002"],
    "horizontalpodautoscaler-has-target": ["REF010"],
    "statefulset-has-servicename": ["REF017"], "stable-version": ["DEP001", "DEP002"],
  ]

  private static let checkov: [String: [String]] = [
    "CKV_K8S_8": ["PRB002"], "CKV_K8S_9": ["PRB001"], "CKV_K8S_10": ["RES002"],
    "CKV_K8S_11": ["RES004"], "CKV_K8S_12": ["RES001"], "CKV_K8S_13": ["RES003"],
    "CKV_K8S_14": ["IMG001"], "CKV_K8S_15": ["IMG003"], "CKV_K8S_16": ["PSB003"],
    "CKV_K8S_17": ["PSB002"], "CKV_K8S_18": ["PSB002"], "CKV_K8S_19": ["PSB002"],
    "CKV_K8S_20": ["PSR002"], "CKV_K8S_21": ["MET001"], "CKV_K8S_22": ["SEC001"],
    "CKV_K8S_23": ["PSR003", "PSR004"], "CKV_K8S_25": ["PSB004"], "CKV_K8S_26": ["PSB006"],
    "CKV_K8S_27": ["SEC006"], "CKV_K8S_28": ["PSR006"], "CKV_K8S_31": ["PSR005"],
    "CKV_K8S_35": ["SEC005"], "CKV_K8S_37": ["PSR006"], "CKV_K8S_38": ["SEC002"],
    "CKV_K8S_39": ["SEC008"], "CKV_K8S_40": ["SEC009"], "CKV_K8S_43": ["IMG002"],
    "CKV2_K8S_6": ["NET003"],
  ]
}

extension String {
  /// What follows `prefix`; nil where the text does not begin with it.
  fileprivate func dropping(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
