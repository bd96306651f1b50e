/* A client that logs in over one of its connections to a server, and connections that get lost at each end in its time.
 *
 *   -DSLOTS=1                           all flows, check one_connection
 *   -DSLOTS=2                           flow by_account, check two_connections
 *   -DSLOTS=2 -DTOGETHER                flows by_account and by_last_visit, check noticed_together
 *   -DSLOTS=2 -DLAST                    flow by_last_visit, check two_connections
 *
 * spin -o2 -a [above] half_open.pml; cc -O -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 *
 * `broken` is a wire that both ends are to notice before anything else happens (TOGETHER).
 */

#ifdef TOGETHER
#define CUT broken
#else
#define CUT cut
#endif
#if SLOTS == 1
#define STILL(l) false
#define HURRY (wire[0] == broken)
#else
#define STILL(l) (greeted[1 - l])
#define HURRY (wire[0] == broken || wire[1] == broken)
#endif

mtype = { up, cut, down, broken };
mtype = { offline, online, unconnected };

mtype wire[SLOTS];
bool client_sees[SLOTS], server_sees[SLOTS], hello[SLOTS];   /* hello: one is under way to the server */
mtype client[SLOTS];
bool greeted[SLOTS], reachable;
byte losses = 2;

#define WIRE(l,other) \
	:: d_step { !HURRY && client[l] == offline && (SLOTS == 1 || client[other] != online) && !hello[l] -> \
		hello[l] = (wire[l] == up); client[l] = online } \
	:: d_step { !HURRY && client[l] == offline && SLOTS == 2 && client[other] == online -> skip } \
	:: d_step { !HURRY && server_sees[l] && hello[l] -> assert(!greeted[l]); hello[l] = false; greeted[l] = true; reachable = true } \
	:: d_step { !HURRY && losses > 0 && wire[l] == up -> losses--; \
		if \
		:: !server_sees[l] -> hello[l] = false \
		:: else \
		fi; \
		if \
		:: !server_sees[l] && !client_sees[l] -> wire[l] = down \
		:: else -> wire[l] = CUT \
		fi } \
	:: d_step { wire[l] == CUT && client_sees[l] -> client_sees[l] = false; client[l] = unconnected; \
		if \
		:: !server_sees[l] -> hello[l] = false; wire[l] = down \
		:: else \
		fi } \
	:: d_step { wire[l] == CUT && server_sees[l] -> server_sees[l] = false; hello[l] = false; \
		if \
		:: !client_sees[l] -> wire[l] = down \
		:: else \
		fi; \
		if \
		:: greeted[l] -> greeted[l] = false; reachable = KEPT(l) \
		:: else \
		fi } \
	:: d_step { !HURRY && wire[l] == down -> wire[l] = up; client_sees[l] = true; client[l] = offline } \
	:: d_step { !HURRY && wire[l] == up && !server_sees[l] -> server_sees[l] = true } \
	:: d_step { !HURRY && wire[l] == up && !client_sees[l] -> client_sees[l] = true; client[l] = offline }

#ifdef LAST
#define KEPT(l) STILL(l)
#else
#define KEPT(l) false
#endif

init {
	d_step {
		wire[0] = up; client_sees[0] = true; server_sees[0] = true; client[0] = offline
#if SLOTS == 2
		; wire[1] = up; client_sees[1] = true; server_sees[1] = true; client[1] = offline
#endif
	};
	do
	WIRE(0, 1)
#if SLOTS == 2
	WIRE(1, 0)
#endif
	od
}
