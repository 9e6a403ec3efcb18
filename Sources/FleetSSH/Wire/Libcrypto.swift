import CSSH2

/// The library that libssh2 and our keys do their sums with.
public enum Libcrypto {
    /// Keeps it from taking itself down while the process exits.
    ///
    /// It would free its locks under the hands of threads that still close connections and
    /// forget keys. The process would crash on its way out, and whoever waits for it would
    /// get that for an exit code. To be called before anything else uses it.
    public static func outliveExit() {
        OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }

    /// Whether it hasn't been taken down.
    static var isUsable: Bool { OPENSSL_init_crypto(0, nil) == 1 }
}
