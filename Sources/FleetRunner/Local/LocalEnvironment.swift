/// The environment that commands see: an allow-list, not ours.
///
/// A secret in the coordinator's environment must not reach every tool it runs.
public struct LocalEnvironment: Hashable, Sendable {
    public let variables: [String: String]

    /// What is let through by name: where tools, configuration and proxies are,
    /// and what the credential plugins of kubectl need to find theirs.
    public static let allowedNames: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "LANGUAGE", "TZ",
        "KUBECONFIG", "KUBECACHEDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
        "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "SSH_AUTH_SOCK", "KRB5CCNAME",
        "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "CLOUDSDK_CONFIG",
        "GOOGLE_APPLICATION_CREDENTIALS", "USE_GKE_GCLOUD_AUTH_PLUGIN", "AZURE_CONFIG_DIR",
    ]
    /// Let through with whatever follows: the locale's parts.
    public static let allowedPrefix = "LC_"

    /// The search path where there is none.
    private static let defaultPath = "/usr/local/bin:/usr/bin:/bin"

    /// Keeps of an environment what may be seen, and adds what is needed.
    public init(
        from environment: [String: String], alsoAllowing names: Set<String> = [],
        adding additions: [String: String] = [:]
    ) {
        let allowed = Self.allowedNames.union(names)
        variables = ["PATH": Self.defaultPath]
            .merging(environment) { $1 }
            .filter { allowed.contains($0.key) || $0.key.hasPrefix(Self.allowedPrefix) }
            .merging(additions) { $1 }
    }

    /// The same for a command that only reads.
    ///
    /// kubectl lives for 50 ms and spends a fifth of them collecting garbage that its end
    /// would give back anyway (measured with kubectl 1.32). Its heap may grow to 32 MiB first.
    var forReading: LocalEnvironment {
        LocalEnvironment(
            from: variables, alsoAllowing: Set(variables.keys), adding: ["GOGC": "800"])
    }

    public var searchPath: String { variables["PATH"] ?? Self.defaultPath }
}
