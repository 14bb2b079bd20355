/**
 * The chaos soak: several servers at once, hundreds of clients of every manner, and faults in everything around them.
 *
 * <pre>
 *   SoakClient ── requests ──► SoakServer (unmodified, forked, in a cgroup of its own)
 *       │                           ▲                    ▲
 *       │ every byte                │ attach, detach     │ disk and memory
 *       ▼                           │                    │
 *   BodyChecker                   AgentCycle        DiskSpeed, MemoryRoom      SoakFile ◄── FileChange, Eviction
 *       │ Exchange                                                               │ history
 *       └──────────────────────────────► Judge ◄─────────────────────────────────┘
 *                                          │ right, explained by a fault, or unexplained
 *                                          ▼
 *                                        Tally ──► SoakReport
 * </pre>
 *
 * <p>A file says of each of its words which file, which version and which place it is, so what a client got is judged without knowing
 * when the file was replaced. What is not right must be explained by something that happened to that file or that the client did itself,
 * and that ends a download without the agent too: {@code -Dsoak.agent=false} is the control.
 * <p>Threads: one for each client and for each kind of fault; one that writes a line a minute.
 * <p>Read first: {@link io.readahead.it.soak.ChaosSoakIT}, then {@link io.readahead.it.soak.Judge}.
 */
package io.readahead.it.soak;
