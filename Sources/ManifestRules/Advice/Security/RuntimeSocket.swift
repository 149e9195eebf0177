import ManifestModel
import ManifestSyntax

/// Flags volumes that are the socket of a container runtime.
struct RuntimeSocket: PodAdvice {
  static let about = AdviceDescription(
    "SEC006", "runtime-socket", .error, .recommended,
    "A pod gets the socket of the container runtime.",
    why: """
      Whoever may talk to the runtime starts privileged containers with the node's disks in them: \
      the socket is root on the node, even where it is mounted read-only. Builders that need no \
      daemon and the kubelet's own interfaces do without.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: build}
      spec:
        containers:
        - name: build
          image: docker:28.3
          volumeMounts: [{name: socket, mountPath: /var/run/docker.sock, readOnly: true}]
        volumes:
        - name: socket
          hostPath:
            path: /var/run/docker.sock # want: '/var/run/docker.sock' is the socket of a container
      """,
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            containers:
            - name: agent
              image: agent:1.0
              volumeMounts: [{name: runtime, mountPath: /run/containerd/containerd.sock}]
            volumes:
            - {name: runtime, hostPath: {path: /run/containerd/containerd.sock, type: Socket}} # want: socket
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: build}
      spec:
        containers:
        - name: docker
          image: docker:28.3-dind-rootless
          volumeMounts: [{name: run, mountPath: /var/run/docker.sock}]
        volumes:
        - {name: run, emptyDir: {}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: logs}
      spec:
        containers:
        - name: logs
          image: logs:1.0
          volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]
        volumes:
        - {name: logs, hostPath: {path: /var/lib/docker/containers}}
      """,
    ])

  static let needs = ["hostPath"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for volume in pod.spec.node[.volumes]?.items ?? NodeRef.value(.null).items {
      guard let value = volume["hostPath"]?["path"], let path = value.string,
        NodeFile.isRuntimeSocket(NodeFile.normalized(path))
      else { continue }
      report.flag(
        at: value, "'\(path)' is the socket of a container runtime",
        help: "remove the volume; build images with a tool that needs no daemon")
    }
  }
}

/// What paths of a node stand for.
enum NodeFile {
  private static let sockets: Set<String> = [
    "docker.sock", "containerd.sock", "containerd.sock.ttrpc", "crio.sock", "cri-dockerd.sock",
    "dockershim.sock", "podman.sock", "frakti.sock", "rktlet.sock", "buildkitd.sock",
  ]

  /// The path without empty parts, `.` and `..`.
  static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// Whether the path is the socket of a container runtime.
  static func isRuntimeSocket(_ path: String) -> Bool {
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    return sockets.contains(name) || path == "/pipe/docker_engine"
      || path.hasSuffix("/pipe/docker_engine") || path.hasSuffix("/pipe/containerd-containerd")
  }

  private static let sensitive: Set<String> = [
    "/", "/etc", "/proc", "/sys", "/var", "/var/run", "/run", "/var/lib", "/var/lib/kubelet",
    "/root", "/etc/shadow",
  ]

  /// Whether even reading what is there gives the node away.
  static func isSensitive(_ path: String) -> Bool {
    if sensitive.contains(path) || isRuntimeSocket(path) { return true }
    return ["/var/lib/kubelet/", "/root/", "/etc/kubernetes"].contains { path.hasPrefix($0) }
  }
}
