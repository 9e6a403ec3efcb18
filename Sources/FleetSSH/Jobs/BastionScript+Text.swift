import FleetRunner

extension BastionScript {
    /// The whole script. What supervises a job is a function of it: a fork of the
    /// shell that starts the job saves its host three programs.
    static let text = heading + JobScript.functions + looking + acting

    private static let heading = #"""
        #!/bin/sh
        # Durable jobs of a bastion: what is asked of them over SSH, and who watches them.
        #
        #   sh SCRIPT MARK VERB [WORD...]
        #
        # MARK  what sections of the output begin with, after a byte 036
        #
        # start ID DEADLINE GRACE KEPT PATIENCE SIZE SEARCH ADDED TOOL [ARGUMENT...]
        #     starts a job, unless it was started before, and waits until it is over
        # follow ID KEPT PATIENCE     waits, for PATIENCE seconds at most
        # stop ID GRACE KEPT PATIENCE ends a job, or sees to it that it never starts
        # list                        all jobs, a line each: id and state
        # acknowledge ID...           removes jobs that are over
        # collect MINUTES [ID...]     removes what is over and older than that, but the ids
        # words                       takes the verb and its words from a line of stdin
        #
        # GRACE in twentieths of a second; KEPT and SIZE, of stdin, in bytes, SIZE -1
        # for none; SEARCH a path to find TOOL on, or empty; ADDED variables, quoted.
        # Files of a job: ID.facts, ID.out, ID.err, ID.cancel. A job that is acknowledged
        # leaves .gone-ID behind: a start on its way for long must not start it again.


        """#
}
