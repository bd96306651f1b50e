/* Two guests, a host who introduces them, and a stranger who may say anything: two places in each queue.
 *
 *   (nothing)                           flows believed and by_connection, check among_guests
 *   -DLIAR                              flow believed, check with_a_liar: he lies once
 *   -DLIAR -DDEAF                       flow by_connection, check with_a_liar: he lies as often as he likes
 *
 * spin -o2 -a [above] introduction.pml; cc -O -DBFS -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -E
 *
 * A guest keeps something about everybody, himself included: a liar may introduce him to himself.
 */

#define ROOM 2

mtype = { apart, greeting, acquainted };
mtype = { greet, introduce, welcome, welcomed };

mtype about0[2], about1[2];           /* what each guest thinks of each guest */
chan to0  = [ROOM] of { mtype, byte };                /* to the guests: who */
chan to1  = [ROOM] of { mtype, byte };
chan from0 = [ROOM] of { mtype, byte, byte };         /* to the host: who, whom */
chan from1 = [ROOM] of { mtype, byte, byte };
#ifdef LIAR
chan lies = [ROOM] of { mtype, byte, byte };
bool lied;
#endif

mtype m;                              /* temporaries, 0 between the steps */
byte who, whom;
#define DONE m = 0; who = 0; whom = 0

#define HELLO(me,peer,about,out) \
	:: d_step { about[peer] == apart && me != peer && nfull(out) -> out!greet,me,peer; about[peer] = greeting } \
	:: d_step { about[peer] == apart && me == peer -> skip }

#define WELCOMES(about,in) ((in?[introduce,0] && about[0] != acquainted) || (in?[introduce,1] && about[1] != acquainted))

#define GUEST(me,about,in,out) \
	HELLO(me,0,about,out) \
	HELLO(me,1,about,out) \
	:: d_step { nempty(in) && (nfull(out) || !WELCOMES(about,in)) -> in?m,who; \
		if \
		:: m == introduce && about[who] != acquainted -> out!welcome,me,who; about[who] = acquainted \
		:: m == welcomed && about[who] == greeting -> about[who] = acquainted \
		:: else \
		fi; DONE }

#define TELL(what) \
	if \
	:: whom == 0 -> to0!what,who \
	:: else -> to1!what,who \
	fi

#define TO(n,in) (in?[greet,_,n] || in?[welcome,_,n])

#define HOST(in) \
	:: d_step { (TO(0,in) && nfull(to0)) || (TO(1,in) && nfull(to1)) -> in?m,who,whom; \
		if \
		:: m == greet -> TELL(introduce) \
		:: m == welcome -> TELL(welcomed) \
		fi; DONE }

#define LIE(what,one,other) \
	:: d_step { empty(lies) && !lied -> lies!what,one,other; SPENT }
#ifdef DEAF
#define SPENT skip
#else
#define SPENT lied = true
#endif

init {
	d_step { about0[0] = apart; about0[1] = apart; about1[0] = apart; about1[1] = apart };
	do
	GUEST(0, about0, to0, from0)
	GUEST(1, about1, to1, from1)
	HOST(from0)
	HOST(from1)
#ifdef LIAR
	LIE(greet, 0, 0)
	LIE(greet, 0, 1)
	LIE(greet, 1, 0)
	LIE(greet, 1, 1)
	LIE(welcome, 0, 0)
	LIE(welcome, 0, 1)
	LIE(welcome, 1, 0)
	LIE(welcome, 1, 1)
#ifdef DEAF
	:: d_step { nempty(lies) -> lies?m,who,whom; DONE }
#else
	HOST(lies)
#endif
#endif
	od
}
