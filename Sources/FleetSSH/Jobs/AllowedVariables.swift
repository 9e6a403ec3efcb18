import FleetRunner

/// The variables of a bastion's environment that commands there may see.
///
/// The same as on our own host: an allow-list, so that what a login profile
/// exports reaches no tool it isn't meant for.
enum AllowedVariables {
    /// POSIX knows no way to name all that begin with `LC_`.
    private static let locale = [
        "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LC_COLLATE", "LC_NUMERIC", "LC_TIME", "LC_MONETARY",
    ]

    /// Words for `env -i`, one for each variable that is set: none for the others.
    ///
    /// `PATH` is not among them: it has a value even where it isn't set.
    static let shellWords =
        (LocalEnvironment.allowedNames.sorted() + locale).filter { $0 != "PATH" }
        .map { #"${\#($0)+"\#($0)=$\#($0)"}"# }.joined(separator: " ")
}
