/// How much YAML is read before a file is refused.
///
/// Somebody may point us at the wrong file, and a few hundred bytes of YAML can
/// describe more values than a machine has memory.
enum YAMLLimits {
    /// An inventory of 10,000 clusters with a dozen labels each takes about 4 MB.
    static let bytes = 8 * 1024 * 1024
    /// Scalars, lists and mappings of one file. The same inventory has about 300,000.
    static let values = 1_000_000
    /// Levels of lists and mappings. A full Kubernetes manifest has about fifteen; the
    /// walk over the tree takes stack for every one.
    static let depth = 64
    /// Keys given twice that are placed one by one: each costs another parse.
    static let duplicateKeys = 20
    /// Words that YAML may read as aliases. Comparing keys follows aliases, so that n of
    /// them may cost 3^(n/3) times the file; at twelve that is 81.
    static let aliasWords = 12
    /// Files of one inventory directory.
    static let files = 1_000
}
