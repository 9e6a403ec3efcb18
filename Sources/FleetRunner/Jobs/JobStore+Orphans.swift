import FleetModel

extension JobStore {
    /// The processes of a job's command that outlived its supervisors.
    ///
    /// Found by the mark that the job script leaves in the command's
    /// environment, which no pid reused by another program can carry.
    func orphans(of id: CommandID) -> [ProcessIdentity] {
        let mark = Array("BELLWETHER_JOB=\(path(of: id))/".utf8)
        return ProcessStat.ofLiving().compactMap { pid, stat in
            // An environment can be megabytes; ours is an allow-list and is not.
            let environment = SmallFile.read("/proc/\(pid)/environ", limit: 1 << 20) ?? []
            let isOurs = environment.split(separator: 0).contains { $0.elementsEqual(mark) }
            return isOurs ? ProcessIdentity(pid: pid, startTime: stat.startTime) : nil
        }
    }
}
