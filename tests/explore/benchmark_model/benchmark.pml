/* The benchmark model by hand: N users, one server, M devices, queues of K; LOSSY adds loss and a server that gives up.
 *
 * spin -a -DN=2 -DM=1 -DK=2 -DLOSSY=0 benchmark.pml; cc -O2 -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 */

#define OUT 0
#define WAITS_LOGIN 1
#define IN 2
#define WAITS_REQUEST 3
#define RELATED 4

#define LOGIN 1
#define LOGOUT 2
#define REQUEST 3  /* and the device */
#define END 4

#define RIGHT 1
#define WRONG 2
#define GRANTED 3
#define REFUSED 4

#define ASK 1
#define RELEASE 2
#define ACCEPTED 1
#define REJECTED 2

byte user[N], wanted[N];    /* the device, from 1; 0: none */
bool present[N];
byte owner[M];              /* 0: free; 1 + u: asked for u; 1 + N + u: owned by u */
bool busy[M];
chan to_server[N] = [K] of { byte, byte };
chan to_user[N] = [K] of { byte };
chan to_device[M] = [K] of { byte };
chan from_device[M] = [K] of { byte };

#define USER(u) \
	:: d_step { user[u] == OUT && nfull(to_server[u]) -> to_server[u]!LOGIN,0; user[u] = WAITS_LOGIN } \
	:: d_step { user[u] == WAITS_LOGIN -> user[u] = OUT } \
	:: d_step { user[u] == IN && nfull(to_server[u]) -> to_server[u]!LOGOUT,0; user[u] = OUT } \
	:: d_step { user[u] == WAITS_REQUEST -> user[u] = IN; wanted[u] = 0 } \
	:: d_step { user[u] == RELATED && nfull(to_server[u]) -> to_server[u]!END,wanted[u]; user[u] = IN; wanted[u] = 0 } \
	:: d_step { nempty(to_user[u]) -> \
		if \
		:: user[u] == WAITS_LOGIN && to_user[u]?[RIGHT] -> user[u] = IN \
		:: user[u] == WAITS_LOGIN && to_user[u]?[WRONG] -> user[u] = OUT \
		:: user[u] == WAITS_REQUEST && to_user[u]?[GRANTED] -> user[u] = RELATED \
		:: user[u] == WAITS_REQUEST && to_user[u]?[REFUSED] -> user[u] = IN; wanted[u] = 0 \
		:: else \
		fi; to_user[u]?_ } \
	:: d_step { to_server[u]?[LOGIN,0] && nfull(to_user[u]) -> to_server[u]?LOGIN,0; to_user[u]!RIGHT; present[u] = true } \
	:: d_step { to_server[u]?[LOGIN,0] && nfull(to_user[u]) -> to_server[u]?LOGIN,0; to_user[u]!WRONG } \
	:: d_step { to_server[u]?[LOGOUT,0] -> to_server[u]?LOGOUT,0; present[u] = false }

#define BOTH(u,d,d1) \
	:: d_step { user[u] == IN && nfull(to_server[u]) -> to_server[u]!REQUEST,d1; user[u] = WAITS_REQUEST; wanted[u] = d + 1 } \
	:: d_step { to_server[u]?[REQUEST,d1] && present[u] && owner[d] == 0 && nfull(to_device[d]) -> \
		to_server[u]?_,_; owner[d] = 1 + u; to_device[d]!ASK } \
	:: d_step { to_server[u]?[REQUEST,d1] && (!present[u] || owner[d] != 0) && nfull(to_user[u]) -> \
		to_server[u]?_,_; to_user[u]!REFUSED } \
	:: d_step { to_server[u]?[END,d1] && owner[d] == 1 + N + u && nfull(to_device[d]) -> \
		to_server[u]?_,_; owner[d] = 0; to_device[d]!RELEASE } \
	:: d_step { to_server[u]?[END,d1] && owner[d] != 1 + N + u -> to_server[u]?_,_ } \
	:: d_step { from_device[d]?[ACCEPTED] && owner[d] == 1 + u && nfull(to_user[u]) -> \
		from_device[d]?ACCEPTED; to_user[u]!GRANTED; owner[d] = 1 + N + u } \
	:: d_step { from_device[d]?[REJECTED] && owner[d] == 1 + u && nfull(to_user[u]) -> \
		from_device[d]?REJECTED; to_user[u]!REFUSED; owner[d] = 0 }

#define DEVICE(d) \
	:: d_step { nempty(from_device[d]) && (owner[d] == 0 || owner[d] > N) -> from_device[d]?_ } \
	:: d_step { to_device[d]?[RELEASE] -> to_device[d]?RELEASE; busy[d] = false } \
	:: d_step { to_device[d]?[ASK] && !busy[d] && nfull(from_device[d]) -> to_device[d]?ASK; busy[d] = true; from_device[d]!ACCEPTED } \
	:: d_step { to_device[d]?[ASK] && nfull(from_device[d]) -> to_device[d]?ASK; from_device[d]!REJECTED }

#define LOST(queue) \
	:: d_step { nempty(queue) -> queue?_ }

init {
	d_step { user[0] = OUT };
	do
	USER(0)
	BOTH(0,0,1)
	DEVICE(0)
#if N > 1
	USER(1)
	BOTH(1,0,1)
#endif
#if M > 1
	BOTH(0,1,2)
	DEVICE(1)
#endif
#if N > 1 && M > 1
	BOTH(1,1,2)
#endif
#if LOSSY
	:: d_step { owner[0] > 0 && owner[0] <= N -> owner[0] = 0 }
	:: d_step { nempty(to_server[0]) -> to_server[0]?_,_ }
	LOST(to_user[0])
	LOST(to_device[0])
	LOST(from_device[0])
#if N > 1
	:: d_step { nempty(to_server[1]) -> to_server[1]?_,_ }
	LOST(to_user[1])
#endif
#if M > 1
	:: d_step { owner[1] > 0 && owner[1] <= N -> owner[1] = 0 }
	LOST(to_device[1])
	LOST(from_device[1])
#endif
#endif
	od
}
