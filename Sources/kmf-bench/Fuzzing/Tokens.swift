/// What mutations put into inputs: the words of YAML, JSON and Kubernetes, and values that are near
/// some edge.
enum Tokens {
  static let all = syntax + values + words

  static let syntax = [
    "---\n", "\n---\n", "...\n", "\n...\n", "%YAML 1.2\n---\n", "%TAG ! tag:a,2000:\n", "%",
    "# c\n",
    "- ", "? ", ": ", ":", "-", "<<: ", "<<: *a\n", "&a ", "*a", "*a ", "&b &c ", "!!str ",
    "!!int ",
    "!!binary ", "!!float ", "!!null ", "!!merge ", "!local ", "!", "|", "|\n", "|+2\n", ">-\n",
    ">",
    "|9\n", "'", "\"", "''", "\"\"", "\\", "\\u0000", "\\uD83D", "\\x", "[", "]", "{", "}", "[]",
    "{}", ",", "[,]", "{a}", "{{ .Values.a }}", "{{", "}}", "${A}", "${A:-1}", "${",
    "$patch: delete\n",
    "\t", "\t\t", " ", "\r\n", "\r", "\n", "\n\n", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{0}",
    "\u{7F}", "ü", "🙂", "e\u{301}", "\u{202E}", "@", "`", "~", "=", "// c\n", "null: 1\n",
  ]

  static let values = [
    "null", "~", "", "true", "yes", "off", "y", "0", "-1", "1", "1.5", "1e3", "1e400", "-1e-400",
    ".inf", "-.Inf", ".nan", "0x1F", "0b11", "0o17", "017", "1_000", "+1", "12:30:45", "2001-12-14",
    "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
    "18446744073709551616", "99999999999999999999999999999999999999999", "100m", "1Gi", "1.5Gi",
    "1e1000000000", "9e99999999999999999999", "-5Ki", "0.0000000000001", "Mi", "+", "1Ei", "10E10",
    "[]", "{}", "[null]", "[[]]", "[{}]", "{a: 1}", "{a: {a: {a: 1}}}", "[a, a, a]", "'3'",
    "\"true\"", "\"\\u0041\"", "|\n    text\n", "''", "25%", "101%", "-1%", "1000000000000000%",
    "1.1.1.1", "256.1.1.1", "::1", "fe80::1%eth0", "10.0.0.0/8", "::/129", "*a", "${A}", "${A:=5}",
    "a/b/c", "../..", "/", "a..b", "$(A)", "a=b,c in (d)", "2024-01-01T00:00:00Z",
    "2024-13-01T00:00:00Z", "1h30m", "*/5 * * * *", "@every 1h", "x.x/y", "-a", "a-", "A_B",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  ]

  static let words = [
    "apiVersion", "kind", "metadata", "spec", "status", "name", "namespace", "labels",
    "annotations",
    "template", "selector", "matchLabels", "matchExpressions", "key", "operator", "values",
    "containers", "initContainers", "ephemeralContainers", "image", "ports", "containerPort", "env",
    "envFrom", "valueFrom", "resources", "limits", "requests", "cpu", "memory", "volumes",
    "volumeMounts", "mountPath", "subPath", "emptyDir", "configMap", "secret", "hostPath",
    "projected", "sources", "persistentVolumeClaim", "claimName", "livenessProbe", "httpGet",
    "port",
    "exec", "command", "args", "securityContext", "runAsUser", "capabilities", "affinity",
    "podAffinity", "topologySpreadConstraints", "tolerations", "replicas", "strategy",
    "rollingUpdate", "maxSurge", "type", "clusterIP", "clusterIPs", "ipFamilies", "nodePort",
    "targetPort", "protocol", "externalName", "sessionAffinity", "data", "binaryData", "rules",
    "items", "v1", "apps/v1", "batch/v1", "extensions/v1beta1", "networking.k8s.io/v1",
    "apiextensions.k8s.io/v1", "example.org/v1", "Pod", "Deployment", "ReplicaSet", "StatefulSet",
    "DaemonSet", "Job", "CronJob", "Service", "ConfigMap", "Secret", "List", "PodList", "Ingress",
    "CustomResourceDefinition", "Kustomization", "versions", "schema", "openAPIV3Schema",
    "properties", "additionalProperties", "items", "pattern", "format", "enum", "default", "oneOf",
    "anyOf", "not", "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields", "group",
    "names", "plural", "scope", "served", "storage", "creationTimestamp", "finalizers",
    "ownerReferences", "generateName", "volumeClaimTemplates", "jobTemplate", "schedule",
  ]
}
