/* A lock server and two clients, the first of which restarts once.
 *
 *   (nothing)                           flows forgotten and released, check no_restart
 *   -DRESTART                           flow forgotten, checks comes_back and stays_away
 *   -DRESTART -DRELEASE                 flow released, checks comes_back and stays_away
 *
 * spin -o2 -a [above] lock.pml; cc -O -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 *
 * Only the first client's wire can go down, so only it has one here.  When the client restarts, its end is gone at once
 * and what was under way to it; what it sent can be read until the server notices, and what the server sends meanwhile
 * vanishes.
 *
 * The first writing of this model had fewer configurations for -DRESTART than ours: here the server also refused because
 * of a wire that is not there.  Ours says `exists other connection where ...`, and a connection that this end does not
 * see is none: while the first client is away, the second one gets the lock.
 */

#define ROOM 2

mtype = { without, asking, holding, away };
mtype = { ask, grant, refuse, give_back };
mtype = { up, cut, down };

mtype client[2];
bool lent[2];
mtype wire = up;
bool client_sees = true, server_sees = true, restarted;      /* the first client's wire */
chan in0  = [ROOM] of { mtype };      /* to the clients */
chan in1  = [ROOM] of { mtype };
chan out0 = [ROOM] of { mtype };      /* to the server */
chan out1 = [ROOM] of { mtype };

mtype m;                              /* a temporary, 0 between the steps */

#define CLIENT(n,in,out,reads) \
	:: d_step { client[n] == without && nfull(out) -> out!ask; client[n] = asking } \
	:: d_step { client[n] == holding && nfull(out) -> out!give_back; client[n] = without } \
	:: d_step { reads && nempty(in) -> in?m; \
		if \
		:: m == grant -> assert(client[n] == asking); client[n] = holding \
		:: m == refuse -> assert(client[n] == asking); client[n] = without \
		fi; m = 0 }

#define SERVER(n,in,out,reads,vanishes) \
	:: d_step { reads && out?[ask] && (nfull(in) || vanishes) -> out?m; \
		if \
		:: lent[n] || (n == 1 && lent[0] && server_sees) || (n == 0 && lent[1]) -> m = refuse \
		:: else -> m = grant; lent[n] = true \
		fi; \
		if \
		:: vanishes \
		:: !(vanishes) -> in!m \
		fi; m = 0 } \
	:: d_step { reads && out?[give_back] -> out?m; assert(lent[n]); lent[n] = false; m = 0 }

init {
	d_step { client[0] = without; client[1] = without };
	do
	CLIENT(0, in0, out0, client_sees)
	CLIENT(1, in1, out1, true)
	SERVER(0, in0, out0, server_sees, wire != up)
	SERVER(1, in1, out1, true, false)
#ifdef RESTART
	:: d_step { !restarted -> restarted = true; client[0] = away; client_sees = false; wire = cut;
		do
		:: in0?m
		:: empty(in0) -> break
		od; m = 0 }
	:: d_step { wire == cut && server_sees -> server_sees = false; wire = down;                  /* the server notices */
		do
		:: out0?m
		:: empty(out0) -> break
		od; m = 0
#ifdef RELEASE
		; lent[0] = false
#endif
		}
	:: d_step { wire == down -> wire = up; client_sees = true; client[0] = without }           /* opened */
	:: d_step { wire == up && !server_sees -> server_sees = true }                             /* accepted */
#endif
	od
}
