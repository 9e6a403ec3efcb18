import FleetConfig

/// Files that exist only in a test.
struct MemoryFiles: ConfigurationFiles {
    let home = "/home/deploy"
    let workingDirectory = "/work"
    var files: [String: [UInt8]]

    init(_ texts: [String: String]) { files = texts.mapValues { Array($0.utf8) } }

    init(bytes: [UInt8], at path: String) { files = [path: bytes] }

    func names(in directory: String) throws(FileTrouble) -> [String]? {
        if files[directory] != nil { return nil }
        let inside = files.keys.filter { $0.hasPrefix("\(directory)/") }
        if inside.isEmpty { throw FileTrouble("there is no such file or directory") }
        return inside.map { String($0.dropFirst(directory.count + 1)) }
    }

    func contents(of path: String, atMost limit: Int) throws(FileTrouble) -> [UInt8] {
        guard let bytes = files[path] else { throw FileTrouble("there is no such file") }
        return Array(bytes.prefix(limit))
    }
}

/// What reading throws, or `nil` when it throws nothing.
func errors<Value>(
    _ read: () throws(ConfigurationErrors) -> Value
) -> ConfigurationErrors? {
    do throws(ConfigurationErrors) {
        _ = try read()
        return nil
    } catch {
        return error
    }
}

/// What an operator is told about an inventory, a policy or a takeover of one file.
enum Complaint {
    static func inventory(_ text: String) -> String? {
        let files = MemoryFiles(["fleet.yaml": text])
        return errors { () throws(ConfigurationErrors) in
            try InventoryReader(files: files).read("fleet.yaml")
        }?.description
    }

    static func policy(_ text: String) -> String? {
        let files = MemoryFiles(["careful.yaml": text])
        return errors { () throws(ConfigurationErrors) in
            try PolicyReader(files: files).read("careful.yaml")
        }?.description
    }

    static func takeover(_ text: String, manifests: [String: String] = [:]) -> String? {
        var texts = manifests
        texts["gloo.yaml"] = text
        let files = MemoryFiles(texts)
        return errors { () throws(ConfigurationErrors) in
            try TakeoverReader(files: files, runbooks: [.gloo]).read("gloo.yaml")
        }?.description
    }

    static func manifest(bytes: [UInt8]) -> String? {
        let files = MemoryFiles(bytes: bytes, at: "a.yaml")
        return errors { () throws(ConfigurationErrors) in
            try ManifestReader(files: files).read("a.yaml")
        }?.description
    }

    static func manifest(_ text: String) -> String? { manifest(bytes: Array(text.utf8)) }
}
