package io.readahead.kit;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the default seccomp filters of container engines refuse to a container without capabilities, and by which error.
 *
 * <p>Of what each refuses: all that the agent or a JVM might call, and what is best known besides; not the calls of which arguments decide
 * (clone, personality, socket). Each is a filter in the kernel, as the engine's is.
 * <p>Source: the engines' profiles. An OCI runtime answers ENOSYS to a call that is newer than all that a profile names (runc 1.0.0-rc93),
 * and the profile's own error, EPERM, to others that it does not name; podman's profile answers ENOSYS to those, and names what it refuses.
 */
public enum ContainerProfile {

    /** Docker and containerd, with the calls up to Linux 6.6 that were added in February 2024. */
    DOCKER(List.of("io_uring_setup", "io_uring_enter", "io_uring_register"), List.of("clone3")),

    /** The same before: cachestat is newer than all that is named. */
    DOCKER_OF_2023(List.of("keyctl"), List.of("clone3", "cachestat")),

    /** containerd 1.5: nor does it name preadv2; process_vm_readv is for who has CAP_SYS_PTRACE. */
    CONTAINERD_1_5(List.of("preadv2", "process_vm_readv", "ptrace"), List.of("clone3", "cachestat")),

    /** podman and CRI-O name cachestat among what they refuse, so it is no unknown call. */
    PODMAN(List.of("cachestat", "migrate_pages", "vmsplice"), List.of("io_uring_setup", "io_uring_enter", "io_uring_register"));

    /** Of capabilities that a container doesn't have here, and of none. */
    private static final List<String> REFUSED_BY_ALL = List.of("perf_event_open", "bpf", "add_key", "request_key", "mount", "umount2",
            "chroot", "pivot_root", "unshare", "setns", "userfaultfd", "open_by_handle_at", "kcmp", "get_mempolicy", "set_mempolicy",
            "mbind", "move_pages", "quotactl", "acct", "syslog", "sethostname", "settimeofday", "clock_settime", "init_module",
            "delete_module", "finit_module", "kexec_load", "reboot", "swapon", "swapoff", "fanotify_init");

    private final List<String> notPermitted;
    private final List<String> unknown;

    ContainerProfile(List<String> notPermitted, List<String> unknown) {
        this.notPermitted = notPermitted;
        this.unknown = unknown;
    }

    /** The command that goes before the one that is to run under the filter. */
    public String[] wrapper() {
        String[] eperm = WithoutSystemCalls.wrapper(WithoutSystemCalls.EPERM,
                Stream.concat(REFUSED_BY_ALL.stream(), notPermitted.stream()).toArray(String[]::new));
        String[] enosys = WithoutSystemCalls.wrapper(WithoutSystemCalls.ENOSYS, unknown.toArray(String[]::new));
        return Stream.concat(Stream.of(eperm), Stream.of(enosys)).toArray(String[]::new);
    }
}
