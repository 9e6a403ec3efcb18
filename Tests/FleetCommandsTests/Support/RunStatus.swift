/// How a run stands, as `status --format json` says it.
struct RunStatus: Decodable {
    let run: String
    let state: String
    let clusters: [Cluster]

    struct Cluster: Decodable {
        let name: String
        let state: String
        let step: String
    }
}
