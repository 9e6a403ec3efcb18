import FleetSSH
import Testing

struct RouteTests {
    @Test(arguments: [(22, "deploy@ams-jump"), (2222, "deploy@ams-jump:2222")])
    func `a hop reads as it would be typed`(port: Int, text: String) {
        #expect("\(SSHHop(host: "ams-jump", port: port, user: "deploy"))" == text)
    }
}
