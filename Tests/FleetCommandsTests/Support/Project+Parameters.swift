import Foundation

extension Project {
    /// Gives the lab's takeover other parameters, indented as YAML.
    func setParameters(_ lines: String) throws {
        let path = "Policies/Takeovers/lab.yaml"
        let text = try text(of: path)
        let heading = text.components(separatedBy: "parameters:")[0]
        try write("\(heading)parameters:\n\(lines)\n", to: path)
    }
}
